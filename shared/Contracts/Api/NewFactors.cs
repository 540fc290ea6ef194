namespace BoneMet.Contracts.Api;

/// <summary>Body of PUT /api/v1/cases/{id}/factors: replaces all factors.</summary>
public sealed record NewFactors
{
    public IReadOnlyList<NewFactor>? Factors { get; init; }
}
