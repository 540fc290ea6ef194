using System.Globalization;

namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>What a CDS client tells of cards that it showed (CDS Hooks 2.0, "Feedback").</summary>
internal sealed record CdsFeedback
{
    private const int Most = 1_000;

    public IReadOnlyList<CdsOutcome>? Feedback { get; init; }

    /// <summary>Everything that is wrong, each with its place.</summary>
    public static IReadOnlyList<string> Faults(CdsFeedback body)
    {
        if (body.Feedback is not { Count: > 0 and <= Most } told) { return [$"feedback must hold 1 to {Most} items."]; }
        var faults = new List<string>();
        foreach (var (index, one) in told.Index())
        {
            if (!Guid.TryParse(one.Card, out _)) { faults.Add($"feedback[{index}].card must be the UUID of a card."); }
            if (one.Outcome is not (CdsOutcome.Accepted or CdsOutcome.Overridden)) { faults.Add($"feedback[{index}].outcome must be {CdsOutcome.Accepted} or {CdsOutcome.Overridden}."); }
            if (!DateTimeOffset.TryParse(one.OutcomeTimestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)) { faults.Add($"feedback[{index}].outcomeTimestamp must be a time (ISO 8601)."); }
        }
        return faults;
    }
}
