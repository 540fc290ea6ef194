namespace BoneMet.RiskModels;

/// <summary>A label of an image encoder, on the logit scale, with its origin.</summary>
public sealed record LabelInput
{
    /// <summary>"imaging" or "pathology".</summary>
    public required string Modality { get; init; }
    public required double Logit { get; init; }
    public required string EncoderId { get; init; }
    public string? EncoderVersion { get; init; }

    /// <summary>Lower-case hexadecimal.</summary>
    public required string EncoderSha256 { get; init; }

    /// <summary>Standard error on the logit scale, when one was estimated; it widens the prediction's interval.</summary>
    public double? StandardError { get; init; }
    public required bool Trained { get; init; }

    /// <summary>The encoder learnt from generated data.</summary>
    public bool Synthetic { get; init; }
    public string? Provider { get; init; }

    /// <summary>Why the label is withheld, or null.</summary>
    public string? Withheld { get; init; }
}
