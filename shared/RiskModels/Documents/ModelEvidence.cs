namespace BoneMet.RiskModels;

/// <summary>Where the numbers stand in print.</summary>
public sealed record ModelEvidence
{
    public required string Citation { get; init; }
    public string? Doi { get; init; }

    /// <summary>Table or equation the numbers are from.</summary>
    public string? Source { get; init; }

    /// <summary>True only when every coefficient of the published model is here.</summary>
    public required bool Complete { get; init; }

    /// <summary>Factors of the published model whose coefficients are not in print where we could read.</summary>
    public IReadOnlyList<string> LackingFactors { get; init; } = [];
    public string? Note { get; init; }
}
