namespace BoneMet.Contracts.Api;

/// <summary>POST /api/v1/watches.</summary>
public sealed record NewWatch
{
    /// <summary>Operators only; left out: the caller's own site.</summary>
    public string? Site { get; init; }

    /// <summary>Left out: every cancer type.</summary>
    public string? CancerType { get; init; }

    /// <summary>Risk between 0 and 1.</summary>
    public double? Threshold { get; init; }

    /// <summary>Where a signed webhook is sent; left out: told on the bus and in the timeline only.</summary>
    public string? Url { get; init; }
}
