namespace BoneMet.RiskModels;

/// <summary>Why there is no number. <see cref="Code"/> is stable and kebab-case: "factor-missing", "out-of-range", "unknown-level", "no-absolute-risk", "no-band", "not-decidable".</summary>
public sealed record PredictionRefusal(string Code, string? Factor, LocalText Reason);
