using System.Diagnostics;
using BoneMet.DicomIngestion.Cases;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Builds;

/// <summary>
/// Builds what is due, off the request thread. What is open stands in the documents, so a restart carries on; two processes that build the same case
/// at once make the same bytes, and only one of them saves.
/// </summary>
internal sealed partial class BuildLoop(
    IDocumentCollection<CaseImaging> cases, BuildCase build, BuildSignal signal, IOutboxRelay relay, TimeProvider clock, ILogger<BuildLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly Dictionary<string, string> Open = new() { [CaseImaging.OpenIndex] = CaseImaging.OpenValue };
    private readonly Dictionary<string, DateTimeOffset> faulted = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await BuildDue(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogLookFailed(fault);
            }
            await signal.Wait(Look, stoppingToken);
        }
    }

    private async Task BuildDue(CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await cases.Query(Open, after, cancellation: cancellation);
            foreach (var imaging in page.Items)
            {
                if (imaging.DueAt > clock.GetUtcNow() || (faulted.TryGetValue(imaging.Id, out var again) && again > clock.GetUtcNow())) { continue; }
                await Build(imaging, cancellation);
            }
            after = page.Next;
        }
        while (after is not null);
    }

    private async Task Build(CaseImaging imaging, CancellationToken cancellation)
    {
        using var activity = BoneMetTelemetry.Source.StartActivity("build volume", ActivityKind.Internal, imaging.TraceParent);
        activity?.SetTag("bonemet.case", imaging.Id);
        try
        {
            var built = await build.Handle(imaging, cancellation);
            await Save(imaging, built, cancellation);
            faulted.Remove(imaging.Id);
            relay.Wake();
            LogBuilt(imaging.Id, built.Failure?.Code ?? "stored");
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // A passing fault (a full disk, a store that does not answer): tried again later, without holding up other cases.
            faulted[imaging.Id] = clock.GetUtcNow() + TimeSpan.FromSeconds(10);
            activity?.SetStatus(ActivityStatusCode.Error);
            LogBuildFailed(imaging.Id, fault);
        }
    }

    /// <summary>Saves the outcome for the revision that was built; material that arrived meanwhile stays open and is built next.</summary>
    private async Task Save(CaseImaging built, BuiltImaging outcome, CancellationToken cancellation)
    {
        var current = built;
        while (current is not null && current.BuiltRevision < built.Revision)
        {
            var after = current with
            {
                BuiltRevision = built.Revision,
                Stored = outcome.Stored,
                Failure = outcome.Failure,
                Regions = outcome.Regions,
                TotalInstances = Math.Max(current.TotalInstances, outcome.Stored?.TotalInstances ?? 0),
            };
            after = after.WithOutgoing(outcome.Stored is { } stored ? Outgoing.Message(stored, clock) : Outgoing.Message(outcome.Failure!, clock));
            if (await cases.TrySave(after, cancellation) is not null) { return; }
            current = await cases.Find(built.Id, cancellation);
        }
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Information, Message = "Volume of case {CaseId}: {Outcome}")]
    private partial void LogBuilt(string caseId, string outcome);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error, Message = "Volume of case {CaseId} could not be built; it is tried again")]
    private partial void LogBuildFailed(string caseId, Exception fault);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Error, Message = "Open cases could not be looked up; tried again")]
    private partial void LogLookFailed(Exception fault);
}
