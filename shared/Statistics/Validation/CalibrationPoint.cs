namespace BoneMet.Statistics.Validation;

/// <summary>One point of an optimism-corrected calibration curve (<c>rms::calibrate</c>).</summary>
/// <param name="Predicted">Predicted probability.</param>
/// <param name="Apparent">Lowess of the outcome there.</param>
/// <param name="Corrected">The same less the bootstrap optimism.</param>
public sealed record CalibrationPoint(double Predicted, double Apparent, double Corrected);
