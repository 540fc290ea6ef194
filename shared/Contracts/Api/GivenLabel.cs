namespace BoneMet.Contracts.Api;

/// <summary>An image label given to POST /api/v1/predict.</summary>
public sealed record GivenLabel
{
    /// <summary>imaging or pathology.</summary>
    public string? Modality { get; init; }
    public double? Logit { get; init; }
    public double? StandardError { get; init; }

    /// <summary>SHA-256 of the encoder; a model takes only labels of the encoder that it names.</summary>
    public string? EncoderSha256 { get; init; }
    public string? EncoderId { get; init; }
    public bool Trained { get; init; }
}
