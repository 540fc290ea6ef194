namespace BoneMet.RiskModels;

/// <summary>Whom a model was built on, with explicit denominators.</summary>
public sealed record ModelCohort
{
    public required string Description { get; init; }
    public string? Period { get; init; }
    public int? Patients { get; init; }
    public int? Events { get; init; }

    /// <summary>Share with the event (0–1), as printed.</summary>
    public double? Prevalence { get; init; }

    /// <summary>True when cases were chosen so that the event is more frequent than in practice: absolute risks need recalibration.</summary>
    public bool Enriched { get; init; }
    public string? Note { get; init; }
}
