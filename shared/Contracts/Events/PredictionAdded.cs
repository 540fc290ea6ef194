namespace BoneMet.Contracts.Events;

/// <summary>A case has a new prediction. Published by NomogramAggregation, once per prediction.</summary>
public sealed record PredictionAdded
{
    public required string CaseId { get; init; }
    public required string PredictionId { get; init; }
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required double Probability { get; init; }
    public required DateTimeOffset At { get; init; }
}
