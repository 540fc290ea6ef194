namespace BoneMet.Contracts.Events;

/// <summary>
/// A case is unfinished: whoever holds material of it publishes the latest fact about it again. Published by NomogramAggregation at
/// start-up when the bus forgets (in-memory), and when a strand has been silent past its deadline.
/// </summary>
public sealed record CaseResumed
{
    public required string CaseId { get; init; }
    public required DateTimeOffset At { get; init; }
}
