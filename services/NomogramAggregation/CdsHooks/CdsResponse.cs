namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>The answer to a hook: no card when there is nothing to say.</summary>
internal sealed record CdsResponse(IReadOnlyList<CdsCard> Cards);
