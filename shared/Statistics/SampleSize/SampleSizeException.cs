namespace BoneMet.Statistics.SampleSize;

/// <summary>A sample size cannot be computed from what was given; the message is one sentence that says why.</summary>
public sealed class SampleSizeException(string message) : Exception(message);
