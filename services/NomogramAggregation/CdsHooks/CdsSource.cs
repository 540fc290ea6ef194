namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>Where a card's words come from.</summary>
internal sealed record CdsSource(string Label, string? Url);
