namespace BoneMet.Contracts.Api;

/// <summary>A row of GET /api/v1/models.</summary>
public sealed record ModelView
{
    public required string Id { get; init; }
    public required string Version { get; init; }
    public required string Title { get; init; }
    public required string CancerType { get; init; }
    public required IReadOnlyList<string> Histologies { get; init; }
    public required string Family { get; init; }

    /// <summary>Event and timing: "bone-metastasis, synchronous".</summary>
    public required string Outcome { get; init; }

    /// <summary>True only when every coefficient of the published model is in it.</summary>
    public required bool Complete { get; init; }
    public required bool GivesProbability { get; init; }
    public required IReadOnlyList<string> Factors { get; init; }
    public required string Sha256 { get; init; }
    public string? Doi { get; init; }
}
