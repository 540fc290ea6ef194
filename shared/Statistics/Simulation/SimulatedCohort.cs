using BoneMet.Statistics.Tables;

namespace BoneMet.Statistics.Simulation;

/// <summary>A synthetic cohort with the truth it was drawn from.</summary>
/// <param name="Table">The columns: <c>synthetic_id</c>, <c>site</c>, <c>cancer</c>, the factors, the outcome, <c>time</c>, <c>status</c>.</param>
/// <param name="Logits">True logit of each patient.</param>
/// <param name="Intercepts">Intercept of each cancer type.</param>
/// <param name="SiteEffects">Shift of the logit at each site.</param>
public sealed record SimulatedCohort(Table Table, double[] Logits, IReadOnlyList<double> Intercepts, IReadOnlyList<double> SiteEffects);
