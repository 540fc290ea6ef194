namespace BoneMet.RiskModels;

/// <summary>Survival at a horizon for a linear predictor equal to the model's centre.</summary>
public sealed record BaselineSurvival
{
    public required double Months { get; init; }
    public required double Survival { get; init; }
}
