namespace BoneMet.Contracts.Api;

/// <summary>A sentence in the platform's three languages.</summary>
public sealed record WordsView(string En, string? Zh, string? Ru);
