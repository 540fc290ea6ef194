namespace BoneMet.Contracts.Api;

/// <summary>A stored prediction beside the same computed again from its stored inputs.</summary>
public sealed record RecomputedPrediction
{
    public required string PredictionId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>champion, or challenger: what was computed beside it.</summary>
    public required string Role { get; init; }
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }

    /// <summary>True: every byte is the same, and the same as when it was made.</summary>
    public required bool Equal { get; init; }

    /// <summary>SHA-256 of the stored prediction, and of the one computed now.</summary>
    public required string StoredSha256 { get; init; }
    public string? RecomputedSha256 { get; init; }

    /// <summary>Why it is not equal, or could not be computed.</summary>
    public string? Reason { get; init; }
}
