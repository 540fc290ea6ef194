namespace BoneMet.RiskModels;

/// <summary>An earlier prediction of the same case, kept beside the latest.</summary>
public sealed record ReportEarlier(DateTimeOffset At, string ModelId, string ModelVersion, double? Probability, string Reason);
