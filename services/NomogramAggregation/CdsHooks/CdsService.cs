namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>A service as discovery shows it (CDS Hooks 2.0, "Discovery").</summary>
internal sealed record CdsService
{
    public required string Hook { get; init; }
    public required string Id { get; init; }
    public required string Title { get; init; }
    public required string Description { get; init; }
    public required IReadOnlyDictionary<string, string> Prefetch { get; init; }
    public required string UsageRequirements { get; init; }
}
