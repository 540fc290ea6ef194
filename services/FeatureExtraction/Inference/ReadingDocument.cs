namespace BoneMet.FeatureExtraction.Inference;

/// <summary>A deterministic property read from the pooled embedding: weights · e + bias (metadata <c>bonemet.readings</c>).</summary>
internal sealed record ReadingDocument(string Name, string Weights, double Bias);
