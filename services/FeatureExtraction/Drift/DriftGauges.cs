using System.Diagnostics.Metrics;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.FeatureExtraction.Drift;

/// <summary>Tells the drift figures as they stand in the store, so that they survive restarts and every replica tells the same.</summary>
internal sealed partial class DriftGauges : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly IDocumentCollection<DriftRecord> _records;
    private readonly TimeProvider _clock;
    private readonly ILogger<DriftGauges> _logger;
    private volatile IReadOnlyList<DriftRecord> _known = [];

    public DriftGauges(IDocumentCollection<DriftRecord> records, IMeterFactory meters, TimeProvider clock, ILogger<DriftGauges> logger)
    {
        (_records, _clock, _logger) = (records, clock, logger);
        var meter = meters.Create(BoneMetTelemetry.Name);
        meter.CreateObservableGauge("bonemet.drift.stability", () => Each(record => record.Stability), "1", "Population stability index of an encoder's labels at a site: the latest cases against the reference");
        meter.CreateObservableGauge("bonemet.drift.embedding_shift", () => Each(record => record.Shift), "1", "Shift of an encoder's mean embedding at a site, in standard deviations of the reference");
    }

    /// <summary>Reads the figures.</summary>
    public async Task Read(CancellationToken cancellation)
    {
        var all = new List<DriftRecord>();
        string? after = null;
        do
        {
            var page = await _records.Query(after: after, cancellation: cancellation);
            // The cases themselves are not kept here.
            all.AddRange(page.Items.Select(record => record with { First = [], Latest = [], Handled = [] }));
            after = page.Next;
        }
        while (after is not null);
        _known = all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Read(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
        }
    }

    private IEnumerable<Measurement<double>> Each(Func<DriftRecord, DriftReading?> reading) =>
        from record in _known
        let told = reading(record)
        where told is not null
        select new Measurement<double>(told.Value, new("encoder.id", record.EncoderId), new("encoder.version", record.EncoderVersion), new("site", record.Site), new("reference", told.Reference));

    [LoggerMessage(EventId = 4009, Level = LogLevel.Warning, Message = "The drift figures could not be read; those of the last time stand")]
    private partial void LogFault(Exception fault);
}
