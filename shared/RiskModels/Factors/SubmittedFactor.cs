namespace BoneMet.RiskModels;

/// <summary>A factor as somebody gave it: a number with its unit, or a level.</summary>
public sealed record SubmittedFactor(string Name, double? Number = null, string? Level = null, string? Unit = null);
