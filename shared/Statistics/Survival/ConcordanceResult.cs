namespace BoneMet.Statistics.Survival;

/// <summary>Harrell's concordance index.</summary>
/// <param name="Value">(concordant + tied/2) / comparable pairs.</param>
/// <param name="StandardError">Infinitesimal jackknife, as R's <c>concordance</c>.</param>
/// <param name="Concordant">Pairs in which the higher score dies first.</param>
/// <param name="Discordant">Pairs in which the lower score dies first.</param>
/// <param name="Tied">Comparable pairs with equal scores.</param>
public sealed record ConcordanceResult(double Value, double StandardError, double Concordant, double Discordant, double Tied);
