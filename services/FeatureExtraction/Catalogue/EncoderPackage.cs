namespace BoneMet.FeatureExtraction.Catalogue;

/// <param name="Card">What is written about the encoder.</param>
/// <param name="ModelPath">Where its ONNX file lies.</param>
/// <param name="State">Whether it labels cases.</param>
internal sealed record EncoderPackage(EncoderCard Card, string ModelPath, EncoderState State);
