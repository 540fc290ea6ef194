namespace BoneMet.Statistics.Survival;

/// <summary>A survival analysis is not possible on these data; the message is one sentence that says why.</summary>
public sealed class SurvivalException(string message) : Exception(message);
