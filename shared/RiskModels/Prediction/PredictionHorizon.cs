namespace BoneMet.RiskModels;

/// <summary>Survival model: probability of the event by, and survival to, a horizon.</summary>
public sealed record PredictionHorizon(double Months, double Probability, double Survival);
