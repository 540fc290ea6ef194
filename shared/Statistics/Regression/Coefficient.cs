namespace BoneMet.Statistics.Regression;

/// <summary>One row of a coefficient table.</summary>
/// <param name="Term">Column name as R names it.</param>
/// <param name="Estimate">β, log-odds per unit.</param>
/// <param name="StandardError">√ of the covariance's diagonal.</param>
/// <param name="Z">β / SE.</param>
/// <param name="P">Two-sided Wald p-value from the normal distribution.</param>
/// <param name="OddsRatio">e^β.</param>
/// <param name="Low">Lower limit of the odds ratio, e^{β − z SE}.</param>
/// <param name="High">Upper limit of the odds ratio, e^{β + z SE}.</param>
public sealed record Coefficient(string Term, double Estimate, double StandardError, double Z, double P, double OddsRatio, double Low, double High);
