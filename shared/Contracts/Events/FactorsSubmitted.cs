namespace BoneMet.Contracts.Events;

/// <summary>A case has new or changed clinical factors. Published by NomogramAggregation each time they change.</summary>
public sealed record FactorsSubmitted
{
    public required string CaseId { get; init; }
    public required string CancerType { get; init; }
    public string? Histology { get; init; }
    public required IReadOnlyList<FactorValue> Factors { get; init; }

    /// <summary>SHA-256 over the factors in canonical form: the key of this piece of work.</summary>
    public required string InputHash { get; init; }
    public required DateTimeOffset At { get; init; }
}
