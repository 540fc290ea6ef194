namespace BoneMet.Statistics.Validation;

/// <summary>Optimism-corrected calibration curve.</summary>
/// <param name="Curve">Fifty points between the fifth smallest and fifth largest prediction.</param>
/// <param name="Failed">Resamples whose model could not be fitted.</param>
public sealed record CalibrationResult(IReadOnlyList<CalibrationPoint> Curve, int Failed)
{
    /// <summary>Mean of |predicted − corrected| over the points.</summary>
    public double MeanAbsoluteError => Curve.Average(point => Math.Abs(point.Predicted - point.Corrected));
}
