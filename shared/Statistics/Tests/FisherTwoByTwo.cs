namespace BoneMet.Statistics.Tests;

/// <summary>Fisher's exact test of a 2 × 2 table.</summary>
/// <param name="P">Two-sided p-value.</param>
/// <param name="OddsRatio">Conditional maximum-likelihood odds ratio (0 or +∞ at the ends).</param>
/// <param name="Low">Lower exact limit.</param>
/// <param name="High">Upper exact limit.</param>
public sealed record FisherTwoByTwo(double P, double OddsRatio, double Low, double High);
