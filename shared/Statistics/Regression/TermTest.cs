namespace BoneMet.Statistics.Regression;

/// <summary>Test of all columns of one term together.</summary>
/// <param name="Term">Name of the term.</param>
/// <param name="ChiSquare">Statistic (likelihood ratio or Wald).</param>
/// <param name="DegreesOfFreedom">Columns of the term.</param>
/// <param name="P">Upper tail of the chi-square distribution.</param>
public sealed record TermTest(string Term, double ChiSquare, int DegreesOfFreedom, double P);
