namespace BoneMet.Contracts.Api;

/// <summary>A case of a worklist.</summary>
public sealed record WorklistItem
{
    public required string CaseId { get; init; }
    public required string CancerType { get; init; }
    public required double Probability { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }
    public required string IntervalKind { get; init; }
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required IReadOnlyList<string> Missing { get; init; }
    public required bool Synthetic { get; init; }
}
