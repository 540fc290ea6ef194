namespace BoneMet.RiskModels;

/// <summary>A site's version of a model, with what it was fitted on and how both versions do there.</summary>
public sealed record RecalibrationResult
{
    public required RiskModel Model { get; init; }
    public required int Patients { get; init; }
    public required int Events { get; init; }

    /// <summary>Added to the linear predictor after the slope.</summary>
    public required double Shift { get; init; }
    public required double ShiftStandardError { get; init; }
    public required double Slope { get; init; }
    public double? SlopeStandardError { get; init; }

    /// <summary>Brier score of champion (before) and challenger (after) on the same patients; apparent, not validated.</summary>
    public double? BrierBefore { get; init; }
    public required double BrierAfter { get; init; }
    public double? MeanBefore { get; init; }
    public required double MeanAfter { get; init; }
}
