namespace BoneMet.FeatureExtraction.Inference;

/// <summary>An encoder that must not serve: altered, corrupt, or not what its card says. A retry cannot cure it.</summary>
internal sealed class UnusableEncoderException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable kebab-case code: encoder-altered, encoder-corrupt, encoder-unproven, encoder-missing.</summary>
    public string Code { get; } = code;
}
