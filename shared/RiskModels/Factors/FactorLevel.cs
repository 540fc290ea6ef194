namespace BoneMet.RiskModels;

/// <summary>One level of a categorical factor.</summary>
public sealed record FactorLevel(string Name, LocalText Label, IReadOnlyList<string> Synonyms);
