using System.Globalization;

namespace BoneMet.RiskModels;

/// <summary>One measure of performance: "auc", "c-index", "sensitivity", "brier", "calibration-slope" …</summary>
public sealed record ModelMeasure
{
    public required string Name { get; init; }
    public required double Value { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }

    /// <summary>"training", "validation", "bootstrap", "cross-validation", "external".</summary>
    public string? Set { get; init; }
    public int? Patients { get; init; }

    /// <summary>"auc 0.937 (0.9–0.96), validation".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name} {Value}{(Low is { } low && High is { } high ? $" ({low}–{high})" : "")}{(Set is { } set ? $", {set}" : "")}");
}
