namespace BoneMet.Cohorts.Studies;

/// <summary>One axis of a nomogram.</summary>
/// <param name="Factor">Name of the factor.</param>
/// <param name="Labels">Text of each tick.</param>
/// <param name="Values">Value of each tick; null for levels.</param>
/// <param name="Effects">Part of the linear predictor at each tick.</param>
/// <param name="Points">Points of each tick.</param>
internal sealed record NomogramAxis(string Factor, string[] Labels, double[]? Values, double[] Effects, double[] Points);
