namespace BoneMet.Statistics.Validation;

/// <summary>The indexes that <c>rms::validate.lrm</c> follows, of one model on one data set.</summary>
/// <param name="Dxy">Somers' D = 2(c − ½).</param>
/// <param name="R2">Nagelkerke's R².</param>
/// <param name="Intercept">Calibration intercept.</param>
/// <param name="Slope">Calibration slope.</param>
/// <param name="D">Discrimination index (LR − 1)/n.</param>
/// <param name="U">Unreliability index.</param>
/// <param name="Q">Quality index D − U.</param>
/// <param name="B">Brier score.</param>
/// <param name="G">Gini's mean difference of the linear predictor.</param>
/// <param name="Gp">Gini's mean difference of the probability.</param>
public sealed record ValidationIndexes(double Dxy, double R2, double Intercept, double Slope, double D, double U, double Q, double B, double G, double Gp)
{
    internal static IReadOnlyList<string> Names { get; } = ["Dxy", "R2", "Intercept", "Slope", "D", "U", "Q", "B", "g", "gp"];

    internal double[] Values => [Dxy, R2, Intercept, Slope, D, U, Q, B, G, Gp];
}
