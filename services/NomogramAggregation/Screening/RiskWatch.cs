using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>A threshold that a site watches, and where it wants to be told.</summary>
internal sealed record RiskWatch : StoredDocument
{
    public required string Site { get; init; }

    /// <summary>Null: every cancer type.</summary>
    public string? CancerType { get; init; }

    /// <summary>Risk (0–1) that is passed from below or from above.</summary>
    public required double Threshold { get; init; }

    /// <summary>Null: told on the bus and in the case's timeline only.</summary>
    public string? Url { get; init; }

    /// <summary>Key of the webhook's signatures, 32 bytes, sealed (<see cref="WebhookSecrets"/>).</summary>
    public string? Secret { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
