using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Labels;

/// <param name="Value">The label with its origin.</param>
/// <param name="Bag">The pooled bag and what each item contributes.</param>
/// <param name="Features">What the encoder reads beside the label.</param>
internal sealed record ComputedLabel(ImageLabelValue Value, BagResult Bag, IReadOnlyList<NamedValue> Features)
{
    /// <summary>Pictures that explain the label, PNG, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Pictures { get; init; } = new Dictionary<string, byte[]>();
}
