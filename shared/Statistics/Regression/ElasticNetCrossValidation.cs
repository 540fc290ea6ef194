namespace BoneMet.Statistics.Regression;

/// <summary>Cross-validated deviance along a path.</summary>
/// <param name="Path">Path on all data.</param>
/// <param name="Mean">Mean deviance per row and penalty.</param>
/// <param name="StandardError">Its standard error over the folds.</param>
/// <param name="Best">Index of the smallest mean.</param>
/// <param name="OneStandardError">Index of the largest penalty within one standard error of it.</param>
public sealed record ElasticNetCrossValidation(IReadOnlyList<ElasticNetStep> Path, double[] Mean, double[] StandardError, int Best, int OneStandardError);
