namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Material from which no label can be computed, ever: the strand fails with this code and sentence.</summary>
internal sealed class InvalidInputException(string code, string message) : Exception(message)
{
    /// <summary>Stable kebab-case code.</summary>
    public string Code { get; } = code;
}
