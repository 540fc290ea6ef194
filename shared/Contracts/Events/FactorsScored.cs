namespace BoneMet.Contracts.Events;

/// <summary>The clinical strand is coded: units converted, levels recognised. Published by ClinicalScoring, once per <see cref="FactorsSubmitted"/>.</summary>
public sealed record FactorsScored
{
    public required string CaseId { get; init; }
    public required string InputHash { get; init; }
    public required IReadOnlyList<CodedFactorValue> Coded { get; init; }
    public required DateTimeOffset At { get; init; }
}
