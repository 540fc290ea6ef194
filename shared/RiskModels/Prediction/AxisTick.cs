namespace BoneMet.RiskModels;

/// <summary>One value on a factor's axis with its contribution to the linear predictor.</summary>
internal readonly record struct AxisTick(double Value, int Level, double Contribution);
