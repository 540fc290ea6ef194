namespace BoneMet.RiskModels;

/// <summary>One measure of performance: "auc", "c-index", "sensitivity", "brier", "calibration-slope" …</summary>
public sealed record ModelMeasure
{
    public required string Name { get; init; }
    public required double Value { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }

    /// <summary>"training", "validation", "bootstrap", "external".</summary>
    public string? Set { get; init; }
    public int? Patients { get; init; }
}
