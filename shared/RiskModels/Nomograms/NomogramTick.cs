namespace BoneMet.RiskModels;

/// <summary>A mark on an axis.</summary>
/// <param name="Position">Points (factor axes: 0–100; total axes: total points).</param>
/// <param name="Text">What is written at it; empty for a mark without words.</param>
/// <param name="Value">The number or, for levels, NaN.</param>
public sealed record NomogramTick(double Position, LocalText Text, double? Value = null);
