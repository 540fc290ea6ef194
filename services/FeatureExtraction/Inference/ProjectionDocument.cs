namespace BoneMet.FeatureExtraction.Inference;

/// <summary>The last layer as it stands inside the ONNX file (metadata <c>bonemet.projection</c>).</summary>
internal sealed record ProjectionDocument(string Weights, string Bias);
