namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Writes items into a batch's memory.</summary>
internal delegate void FillItems(Span<byte> target);
