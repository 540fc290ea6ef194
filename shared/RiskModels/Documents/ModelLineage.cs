namespace BoneMet.RiskModels;

/// <summary>What a model version was made from, when it was not written by hand.</summary>
public sealed record ModelLineage
{
    /// <summary>"fitted", "intercept-recalibration", "intercept-and-slope-recalibration", "imported".</summary>
    public required string Method { get; init; }

    /// <summary>SHA-256 of the model it was made from.</summary>
    public string? ParentSha256 { get; init; }

    /// <summary>SHA-256 of the data or protocol it was made with.</summary>
    public string? DataSha256 { get; init; }
    public string? Site { get; init; }
    public string? Tool { get; init; }
    public string? Note { get; init; }
}
