namespace BoneMet.RiskModels;

/// <summary>How often the event is seen in the population that the model is for.</summary>
public sealed record PredictionBaseRate
{
    public required LocalText Label { get; init; }
    public required double Rate { get; init; }
    public int? Events { get; init; }
    public int? Patients { get; init; }
}
