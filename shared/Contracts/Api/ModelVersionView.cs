namespace BoneMet.Contracts.Api;

/// <summary>A row of GET /api/v1/models/{id}/versions.</summary>
public sealed record ModelVersionView
{
    public required string Version { get; init; }
    public required string Sha256 { get; init; }

    /// <summary>champion, challenger, retired, or earlier: superseded, still named by the predictions it made.</summary>
    public required string Role { get; init; }

    /// <summary>The site whose outcomes it was recalibrated on; it answers for that site alone.</summary>
    public string? Site { get; init; }
    public string? Method { get; init; }

    /// <summary>SHA-256 of the version it was made from.</summary>
    public string? ParentSha256 { get; init; }

    /// <summary>How it did, and on whom: "brier 0.142 (cross-validation, n = 412)".</summary>
    public required IReadOnlyList<string> Performance { get; init; }

    /// <summary>Short name of the Ed25519 key that signed it; left out for versions that come with the platform.</summary>
    public string? SignedBy { get; init; }
    public DateTimeOffset? RetiredAt { get; init; }
    public string? Reason { get; init; }
}
