namespace BoneMet.Statistics.Discrimination;

/// <summary>DeLong's test of two areas under ROC curves.</summary>
/// <param name="First">First AUC.</param>
/// <param name="Second">Second AUC.</param>
/// <param name="Statistic">Z (paired) or D (unpaired).</param>
/// <param name="DegreesOfFreedom">Welch–Satterthwaite degrees of freedom (unpaired), +∞ for the paired test.</param>
/// <param name="P">Two-sided p-value.</param>
/// <param name="Low">Lower limit of the difference First − Second at the level asked for.</param>
/// <param name="High">Upper limit of the difference.</param>
public sealed record DeLongTest(double First, double Second, double Statistic, double DegreesOfFreedom, double P, double Low, double High);
