using BoneMet.Contracts.Events;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>An image label as it stands in the case, with what was measured beside it.</summary>
internal sealed record CaseLabel
{
    public required string InputHash { get; init; }
    public required ImageLabelValue Label { get; init; }
    public IReadOnlyList<NamedValue> Features { get; init; } = [];
    public string? Embedding { get; init; }
    public IReadOnlyDictionary<string, string> Pictures { get; init; } = new Dictionary<string, string>();
}
