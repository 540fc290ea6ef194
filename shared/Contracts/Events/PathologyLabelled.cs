namespace BoneMet.Contracts.Events;

/// <summary>The pathology label of a case is computed. Published by FeatureExtraction, once per (case, input hash, encoder).</summary>
public sealed record PathologyLabelled
{
    public required string CaseId { get; init; }
    public required string InputHash { get; init; }
    public required ImageLabelValue Label { get; init; }
    public IReadOnlyList<NamedValue> Features { get; init; } = [];
    public string? Embedding { get; init; }
    public IReadOnlyDictionary<string, string> Pictures { get; init; } = new Dictionary<string, string>();

    /// <summary>Both modalities together, when the other one's label was there already.</summary>
    public FusedLabelValue? Fused { get; init; }
    public required DateTimeOffset At { get; init; }
}
