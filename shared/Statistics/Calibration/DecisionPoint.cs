namespace BoneMet.Statistics.Calibration;

/// <summary>Net benefit at one threshold probability.</summary>
/// <param name="Threshold">Probability at which treating and not treating are worth the same.</param>
/// <param name="NetBenefit">TP/n − FP/n · t/(1 − t) of the model.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="TreatAll">Net benefit of treating everybody (of nobody: 0).</param>
public sealed record DecisionPoint(double Threshold, double NetBenefit, double Low, double High, double TreatAll);
