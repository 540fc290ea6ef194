using System.Diagnostics.Metrics;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.ResumeCases;

/// <summary>
/// Counts the cases in the store, so that the figures survive restarts and every replica tells the same: accepted by site, the same by how far
/// they have come, and the oldest that is not finished. The two counts come from different indexes: where they differ, a case is lost.
/// </summary>
internal sealed partial class CaseCensus : BackgroundService
{
    private const int PageSize = 500;
    private readonly IDocumentCollection<CaseDocument> documents;
    private readonly IOptions<CaseOptions> options;
    private readonly TimeProvider clock;
    private readonly ILogger<CaseCensus> logger;
    private volatile Count counted = new(new Dictionary<string, long>(), new Dictionary<string, long>(), new Dictionary<(string, string), DateTimeOffset>());

    public CaseCensus(IDocumentCollection<CaseDocument> documents, IMeterFactory meters, IOptions<CaseOptions> options, TimeProvider clock, ILogger<CaseCensus> logger)
    {
        (this.documents, this.options, this.clock, this.logger) = (documents, options, clock, logger);
        var meter = meters.Create(BoneMetTelemetry.Name);
        meter.CreateObservableCounter("bonemet.cases.accepted", () => counted.Accepted.Select(site => new Measurement<long>(site.Value, Site(site.Key))), "{case}", "Cases accepted since the installation began");
        meter.CreateObservableGauge("bonemet.cases", Progress, "{case}", "Cases by how far they have come");
        meter.CreateObservableGauge("bonemet.cases.oldest", Oldest, "s", "Age of the oldest case that is not finished, by whom it waits for");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.WatchSeconds), clock);
        do
        {
            try
            {
                counted = await Take(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Count> Take(CancellationToken cancellation)
    {
        var oldest = new Dictionary<(string Site, string WaitsFor), DateTimeOffset>();
        string? after = null;
        do
        {
            var page = await documents.Query(new Dictionary<string, string> { ["settled"] = "false" }, after, PageSize, cancellation: cancellation);
            foreach (var open in page.Items)
            {
                var waitsFor = Contracts.Events.Strand.All.Any(strand => open.Strand(strand).Status == StrandStatus.Working) ? "platform" : "site";
                oldest.TryAdd((open.Site, waitsFor), open.CreatedAt);
            }
            after = page.Next;
        }
        while (after is not null);
        return new Count(await documents.CountBy("site", cancellation), await documents.CountBy(CaseProgress.Index, cancellation), oldest);
    }

    private IEnumerable<Measurement<long>> Progress() => counted.Progress.Select(pair =>
    {
        var (site, progress) = pair.Key.Split('/') is [var first, var second] ? (first, second) : (pair.Key, "");
        return new Measurement<long>(pair.Value, Site(site), new("progress", progress));
    });

    /// <summary>A site with nothing open is told as zero, so that an alert of it ends.</summary>
    private IEnumerable<Measurement<double>> Oldest()
    {
        var now = clock.GetUtcNow();
        var count = counted;
        return
            from site in count.Accepted.Keys
            from waitsFor in new[] { "platform", "site" }
            let age = count.Oldest.TryGetValue((site, waitsFor), out var since) ? (now - since).TotalSeconds : 0
            select new Measurement<double>(age, Site(site), new("waits.for", waitsFor));
    }

    private static KeyValuePair<string, object?> Site(string name) => new("site", name);

    private sealed record Count(IReadOnlyDictionary<string, long> Accepted, IReadOnlyDictionary<string, long> Progress, IReadOnlyDictionary<(string Site, string WaitsFor), DateTimeOffset> Oldest);

    [LoggerMessage(EventId = 6103, Level = LogLevel.Warning, Message = "The cases could not be counted; the figures are those of the last count")]
    private partial void LogFault(Exception fault);
}
