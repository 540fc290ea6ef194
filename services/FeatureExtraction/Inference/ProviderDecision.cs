namespace BoneMet.FeatureExtraction.Inference;

/// <param name="Provider">What runs the session, as it stands in results: CPU, CUDA, TensorRT.</param>
/// <param name="Fallback">Why it is not what was asked for; null when it is.</param>
internal sealed record ProviderDecision(string Provider, string? Fallback);
