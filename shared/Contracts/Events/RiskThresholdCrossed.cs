namespace BoneMet.Contracts.Events;

/// <summary>A case's risk passed a threshold that somebody watches. Published by NomogramAggregation, once per watch and prediction.</summary>
public sealed record RiskThresholdCrossed
{
    public required string CaseId { get; init; }
    public required string WatchId { get; init; }
    public required string PredictionId { get; init; }
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required double Probability { get; init; }
    public required double Threshold { get; init; }

    /// <summary>"rose-to": now at or above the threshold; "fell-below".</summary>
    public required string Direction { get; init; }
    public required DateTimeOffset At { get; init; }
}
