namespace BoneMet.RiskModels;

/// <summary>The numbers of a prediction without its words.</summary>
internal readonly record struct QuickAnswer(double? Probability, double? LinearPredictor, double? TotalPoints, double? Low, double? High, string? Problem);
