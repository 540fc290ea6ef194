namespace BoneMet.Statistics.Missing;

/// <summary>Outcome of <see cref="RubinsRules"/>.</summary>
/// <param name="Value">Mean over the tables.</param>
/// <param name="StandardError">Square root of the total variance.</param>
/// <param name="Within">Mean variance within tables.</param>
/// <param name="Between">Variance between tables.</param>
/// <param name="DegreesOfFreedom">Barnard and Rubin's.</param>
/// <param name="Lambda">Share of the variance that is due to missing values.</param>
/// <param name="MissingInformation">Fraction of missing information.</param>
public sealed record PooledEstimate(double Value, double StandardError, double Within, double Between, double DegreesOfFreedom, double Lambda, double MissingInformation);
