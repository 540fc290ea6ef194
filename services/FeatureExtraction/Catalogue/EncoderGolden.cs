namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>A known input and what the exporting PyTorch made of it; every session proves itself on it before it serves.</summary>
internal sealed record EncoderGolden
{
    /// <summary>Seed of the integer-made input (<see cref="Inference.GoldenInput"/>).</summary>
    public required uint Seed { get; init; }
    public required int Items { get; init; }

    /// <summary>SHA-256 of the input's bytes.</summary>
    public required string InputSha256 { get; init; }

    /// <summary>The embeddings, float32 little endian, base64.</summary>
    public required string Output { get; init; }

    /// <summary>SHA-256 of the output's bytes on the exporting machine; other processors may differ in the last bits.</summary>
    public required string OutputSha256 { get; init; }

    /// <summary>Largest difference allowed in any value.</summary>
    public required double Tolerance { get; init; }
}
