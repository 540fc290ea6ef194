using System.Text.Json;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>A prediction that was added to a case. It is never changed; a later one stands beside it.</summary>
internal sealed record CasePrediction
{
    /// <summary>Digest of case, inputs and model: the same inputs give the same id, so that none is added twice.</summary>
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The strands it stands on, with the key of each one's material.</summary>
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required double? Probability { get; init; }

    /// <summary>Who computed the image labels that it shows: CPU, CUDA …; "none" without labels.</summary>
    public required string Provider { get; init; }

    /// <summary>The prediction as the API gives it, byte for byte.</summary>
    public required JsonElement Result { get; init; }

    /// <summary>SHA-256 of <see cref="Result"/> when it was made.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What it was computed from; null in cases of before this was kept.</summary>
    public PredictionBasis? Basis { get; init; }

    /// <summary>What the challenger of the model said on the same inputs.</summary>
    public ChallengerAnswer? Challenger { get; init; }
}
