namespace BoneMet.Contracts.Api;

/// <summary>One case as champion and challenger see it.</summary>
public sealed record ComparisonItem(string CaseId, string ChampionVersion, double Champion, double Challenger);
