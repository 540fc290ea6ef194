namespace BoneMet.Contracts.Api;

/// <summary>A point of the expected decision curve.</summary>
public sealed record WorklistBenefit(double Threshold, double ByRisk, double Everybody);
