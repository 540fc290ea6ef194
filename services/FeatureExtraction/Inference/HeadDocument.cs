namespace BoneMet.FeatureExtraction.Inference;

/// <summary>A head as it stands inside the ONNX file (metadata <c>bonemet.heads</c>); numbers are float32, little endian, base64.</summary>
internal sealed record HeadDocument
{
    public required string CancerType { get; init; }

    /// <summary>max, mean or attention.</summary>
    public required string Pooling { get; init; }
    public required string Weights { get; init; }
    public required float Bias { get; init; }
    public required float Temperature { get; init; }
    public AttentionDocument? Attention { get; init; }

    /// <summary>The same head fitted on resampled patients: members × (weights, then bias).</summary>
    public string? Ensemble { get; init; }
}
