namespace BoneMet.RiskModels;

/// <summary>One line of a block: the predictor's ticks while the interacting factors stand at <see cref="Setting"/>.</summary>
internal sealed record AxisLine(IReadOnlyList<AxisSetting> Setting, IReadOnlyList<AxisTick> Ticks);
