using System.Diagnostics;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Prediction;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>Read → decide (pure) → save, again when somebody else was first. Every save that changes the ready strands adds its prediction.</summary>
internal sealed class CaseStore(
    IDocumentCollection<CaseDocument> cases, CasePredictor predictor, IOutboxRelay relay, CaseSignals signals, IOptions<CaseOptions> options, TimeProvider clock)
{
    public CaseTiming Timing { get; } = options.Value.Timing;

    public Task<CaseDocument?> Find(string id, CancellationToken cancellation) => cases.Find(id, cancellation);

    /// <summary>A page of cases; <paramref name="equal"/> filters on the indexes that the module declares.</summary>
    public Task<DocumentPage<CaseDocument>> Page(IReadOnlyDictionary<string, string>? equal, string? after, int limit, bool newestFirst, CancellationToken cancellation) =>
        cases.Query(equal, after, limit, newestFirst, cancellation);

    /// <summary>Saves a new case; false when one of that id exists.</summary>
    public async Task<CaseDocument?> Add(CaseDocument created, CancellationToken cancellation)
    {
        var saved = await cases.TrySave(created, cancellation);
        if (saved is { Outbox.Count: > 0 }) { relay.Wake(); }
        return saved;
    }

    /// <summary>
    /// Applies <paramref name="change"/> to the case; returns it as stored, or null when there is no such case. A change that returns the very same
    /// document is old news and stores nothing; a message whose id is already among the handled ones changes nothing.
    /// </summary>
    public async Task<CaseDocument?> Change(string caseId, Guid? messageId, Func<CaseDocument, DateTimeOffset, string?, CaseDocument> change, CancellationToken cancellation)
    {
        var message = messageId?.ToString("n");
        while (true)
        {
            var current = await cases.Find(caseId, cancellation);
            if (current is null || (message is not null && current.Handled.Contains(message))) { return current; }

            var now = clock.GetUtcNow();
            var changed = change(current, now, Activity.Current?.TraceId.ToHexString());
            if (ReferenceEquals(changed, current)) { return current; }

            changed = predictor.AddPrediction(changed, now);
            if (message is not null) { changed = changed with { Handled = [.. changed.Handled.TakeLast(StoredDocument.HandledLimit - 1), message] }; }
            if (await cases.TrySave(changed, cancellation) is not { } saved) { continue; }

            CaseMetrics.Saved(current, saved);
            if (saved.Outbox.Count > 0) { relay.Wake(); }
            signals.Raise(caseId);
            return saved;
        }
    }
}
