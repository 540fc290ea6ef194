namespace BoneMet.NomogramAggregation.Cases;

/// <param name="WorkDeadline">How long a worker may be silent before its strand is asked for again; doubled with each attempt.</param>
/// <param name="AwaitDeadline">How long announced material may take to arrive.</param>
/// <param name="Attempts">How often a silent strand is asked for again before it fails.</param>
internal sealed record CaseTiming(TimeSpan WorkDeadline, TimeSpan AwaitDeadline, int Attempts);
