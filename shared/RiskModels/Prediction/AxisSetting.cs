namespace BoneMet.RiskModels;

/// <summary>An interacting factor held at a level or a number.</summary>
internal readonly record struct AxisSetting(CompiledTerm Term, int Level, double Value);
