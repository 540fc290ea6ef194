using BoneMet.Contracts.Events;

namespace BoneMet.FeatureExtraction.Labels;

/// <param name="Value">The label with its origin.</param>
/// <param name="Embedding">The embedding of the whole bag.</param>
internal sealed record ComputedLabel(ImageLabelValue Value, float[] Embedding);
