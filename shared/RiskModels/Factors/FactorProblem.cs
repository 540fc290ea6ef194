namespace BoneMet.RiskModels;

/// <summary>Why a submitted factor was not taken. <see cref="Code"/> is stable and kebab-case.</summary>
public sealed record FactorProblem(string Name, string Code, string Reason);
