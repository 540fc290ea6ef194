namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>The answer of discovery.</summary>
internal sealed record CdsServices(IReadOnlyList<CdsService> Services);
