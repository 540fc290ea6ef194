namespace BoneMet.RiskModels;

/// <summary>The model that was chosen, what else there is, and what a reader must be told about the choice.</summary>
public sealed record ModelChoice(CompiledModel? Model, IReadOnlyList<PredictionAlternative> Alternatives, IReadOnlyList<LocalText> Warnings);
