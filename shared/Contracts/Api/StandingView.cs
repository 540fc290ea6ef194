namespace BoneMet.Contracts.Api;

/// <summary>GET /api/v1/models/{id}/standing: which versions answer the caller's new cases.</summary>
public sealed record StandingView
{
    /// <summary>The version that answers; left out when every one is retired.</summary>
    public string? Champion { get; init; }

    /// <summary>What is computed beside it, "id@version".</summary>
    public string? Challenger { get; init; }
    public required IReadOnlyList<RetirementView> Retired { get; init; }
}
