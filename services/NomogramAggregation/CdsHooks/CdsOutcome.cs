namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>What became of one card. A user's comment and reason may hold identity: neither is read.</summary>
internal sealed record CdsOutcome
{
    public const string Accepted = "accepted";
    public const string Overridden = "overridden";

    public string? Card { get; init; }
    public string? Outcome { get; init; }
    public string? OutcomeTimestamp { get; init; }
}
