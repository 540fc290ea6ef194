namespace BoneMet.RiskModels;

/// <summary>What a batch came to.</summary>
public sealed record BatchSummary(int Scored, int WithProblems, IReadOnlyList<string> UnusedColumns);
