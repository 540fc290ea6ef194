namespace BoneMet.RiskModels;

/// <summary>What came of coding: factors in canonical form (by name), and what was not taken and why.</summary>
public sealed record FactorCoding(IReadOnlyList<CodedFactor> Coded, IReadOnlyList<FactorProblem> Problems);
