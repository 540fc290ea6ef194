namespace BoneMet.Statistics.Tests;

/// <summary>Result of a hypothesis test.</summary>
/// <param name="Method">Name of the test in words.</param>
/// <param name="Statistic">t, W, χ² or z.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom; NaN where there are none.</param>
/// <param name="P">Two-sided p-value.</param>
public sealed record TestResult(string Method, double Statistic, double DegreesOfFreedom, double P);
