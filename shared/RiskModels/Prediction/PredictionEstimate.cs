namespace BoneMet.RiskModels;

/// <summary>One answer: with labels, or of the clinical factors alone.</summary>
public sealed record PredictionEstimate
{
    public double? Probability { get; init; }
    public double? LinearPredictor { get; init; }
    public double? TotalPoints { get; init; }
    public required PredictionInterval Interval { get; init; }
}
