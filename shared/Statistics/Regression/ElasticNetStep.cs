namespace BoneMet.Statistics.Regression;

/// <summary>The model at one penalty.</summary>
/// <param name="Lambda">Penalty λ.</param>
/// <param name="Coefficients">β of every column of the design, intercept first, in the caller's units.</param>
/// <param name="DevianceRatio">Share of the null deviance explained.</param>
/// <param name="NonZero">Columns with a coefficient other than 0, the intercept not counted.</param>
public sealed record ElasticNetStep(double Lambda, double[] Coefficients, double DevianceRatio, int NonZero);
