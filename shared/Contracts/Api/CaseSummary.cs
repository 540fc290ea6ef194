namespace BoneMet.Contracts.Api;

/// <summary>A row of GET /api/v1/cases.</summary>
public sealed record CaseSummary
{
    public required string Id { get; init; }
    public required string Site { get; init; }
    public required string Subject { get; init; }
    public required string CancerType { get; init; }
    public string? Histology { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>True when no strand is awaited or working.</summary>
    public required bool Settled { get; init; }

    /// <summary>Status of each strand.</summary>
    public required IReadOnlyDictionary<string, string> Strands { get; init; }
    public double? Probability { get; init; }
    public string? ModelId { get; init; }
    public string? ModelVersion { get; init; }
}
