namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Opens a session for a model: on the provider that the options ask for, or on another.</summary>
internal delegate (SessionRunner Runner, ProviderDecision Decision) SessionOpener(byte[] model, string name, InferenceOptions options, ExecutionProvider? instead = null);
