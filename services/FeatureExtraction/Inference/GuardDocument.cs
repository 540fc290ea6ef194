namespace BoneMet.FeatureExtraction.Inference;

/// <summary>The range seen in training as it stands inside the ONNX file (metadata <c>bonemet.guard</c>); numbers are float32, little endian, base64.</summary>
internal sealed record GuardDocument(string Mean, string Precision, double Threshold);
