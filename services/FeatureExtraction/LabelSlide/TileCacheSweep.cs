namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>Keeps the cache of tile embeddings within its age and size, every hour; in between it may be larger by what an hour's slides add.</summary>
internal sealed partial class TileCacheSweep(TileCache cache, TimeProvider clock, ILogger<TileCacheSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                LogSwept(await cache.Sweep(stoppingToken));
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(fault);
            }
        }
    }

    [LoggerMessage(EventId = 4006, Level = LogLevel.Debug, Message = "Removed the tile embeddings of {Count} slides from the cache")]
    private partial void LogSwept(int count);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Warning, Message = "The cache of tile embeddings could not be swept; the next round tries again")]
    private partial void LogFailed(Exception fault);
}
