using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.ListFactors;

internal sealed record FactorLevelView(string Name, LocalText Label);
