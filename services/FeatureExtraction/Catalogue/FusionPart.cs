namespace BoneMet.FeatureExtraction.Catalogue;

/// <param name="Id">Id of an encoder.</param>
/// <param name="Sha256">Digest of its ONNX file.</param>
internal sealed record FusionPart(string Id, string Sha256);
