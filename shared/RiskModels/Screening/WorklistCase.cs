namespace BoneMet.RiskModels;

/// <summary>A case with its predicted risk.</summary>
public sealed record WorklistCase(string Id, double Probability);
