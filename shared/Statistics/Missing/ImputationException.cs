namespace BoneMet.Statistics.Missing;

/// <summary>Missing values cannot be filled in; the message is one sentence that says why.</summary>
public sealed class ImputationException(string message) : Exception(message);
