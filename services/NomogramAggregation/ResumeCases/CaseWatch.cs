using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Screening;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.ResumeCases;

/// <summary>
/// Every wait has a deadline and an owner: strands that are silent too long are asked for again. On a bus that forgets (in-memory), a start
/// tells every case again (docs/adr/0002).
/// </summary>
internal sealed partial class CaseWatch(
    IDocumentCollection<CaseDocument> documents, CaseStore cases, IMessagePublisher publisher, IOptions<BusOptions> bus, IOptions<CaseOptions> options, IOptions<WebhookOptions> webhooks,
    ServiceIdentity self, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<CaseWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await Started(stoppingToken)) { return; }
        if ((bus.Value.Transport ?? (self.IsAllInOne ? BusTransport.InMemory : BusTransport.RabbitMq)) == BusTransport.InMemory) { await TellAll(stoppingToken); }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.WatchSeconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) { await AskAgain(stoppingToken); }
    }

    private async Task TellAll(CancellationToken cancellation)
    {
        var told = 0;
        var recent = clock.GetUtcNow() - webhooks.Value.GiveUp;
        await foreach (var document in documents.All(descending: true, cancellation: cancellation))
        {
            if (document.Clinical.Status == StrandStatus.Working)
            {
                await publisher.Publish(
                    new FactorsSubmitted
                    {
                        CaseId = document.Id,
                        CancerType = document.CancerType,
                        Histology = document.Histology,
                        Factors = document.Factors,
                        InputHash = InputHash.Of(document.Factors),
                        At = clock.GetUtcNow(),
                    },
                    typeof(FactorsSubmitted),
                    Guid.CreateVersion7(),
                    cancellation);
            }
            await publisher.Publish(new CaseResumed { CaseId = document.Id, At = clock.GetUtcNow() }, typeof(CaseResumed), Guid.CreateVersion7(), cancellation);
            foreach (var crossing in document.Crossings.Where(one => one.At > recent)) { await publisher.Publish(crossing.Event(document.Id), typeof(RiskThresholdCrossed), Guid.CreateVersion7(), cancellation); }
            told++;
        }
        if (told > 0) { LogTold(told); }
    }

    private async Task AskAgain(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await foreach (var document in documents.All(new Dictionary<string, string> { ["settled"] = "false" }, descending: true, cancellation))
        {
            foreach (var strand in Strand.All)
            {
                if (document.Strand(strand) is not { IsSettled: false, Deadline: { } deadline } || deadline > now) { continue; }

                LogSilent(document.Id, strand);
                await cases.Change(
                    document.Id,
                    null,
                    (current, at, _) => CaseChanges.DeadlinePassed(current, strand, strand == Strand.Clinical ? Messages.FactorsSubmitted(current, current.Factors, clock) : Messages.CaseResumed(current, clock), at, cases.Timing),
                    cancellation);
            }
        }
    }

    /// <summary>Waits until every hosted service, the bus among them, has started.</summary>
    private async Task<bool> Started(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var begun = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        await using var ended = cancellation.Register(() => started.TrySetResult(false));
        return await started.Task;
    }

    [LoggerMessage(EventId = 6101, Level = LogLevel.Information, Message = "Told {Cases} cases again after a start on a bus that forgets")]
    private partial void LogTold(int cases);

    [LoggerMessage(EventId = 6102, Level = LogLevel.Warning, Message = "Case {CaseId}: the {Strand} strand is past its deadline")]
    private partial void LogSilent(string caseId, string strand);
}
