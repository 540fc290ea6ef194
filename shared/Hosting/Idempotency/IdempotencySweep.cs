using BoneMet.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoneMet.Hosting;

/// <summary>Forgets keys after a day, every hour.</summary>
internal sealed partial class IdempotencySweep(IDocumentCollection<IdempotencyRecord> records, TimeProvider clock, ILogger<IdempotencySweep> logger) : BackgroundService
{
    public static readonly TimeSpan Retention = TimeSpan.FromDays(1);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    internal async Task<int> Sweep(CancellationToken cancellation)
    {
        var oldest = clock.GetUtcNow() - Retention;
        var removed = 0;
        string? after = null;
        do
        {
            var page = await records.Query(after: after, limit: 200, cancellation: cancellation);
            foreach (var record in page.Items.Where(record => record.ClaimedAt < oldest))
            {
                if (await records.Delete(record.Id, record.Version, cancellation)) { removed++; }
            }
            after = page.Next;
        }
        while (after is not null);
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                LogSwept(await Sweep(stoppingToken));
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(fault);
            }
        }
    }

    [LoggerMessage(EventId = 302, Level = LogLevel.Debug, Message = "Forgot {Count} idempotency keys")]
    private partial void LogSwept(int count);

    [LoggerMessage(EventId = 303, Level = LogLevel.Warning, Message = "Idempotency keys could not be swept; the next round tries again")]
    private partial void LogFailed(Exception fault);
}
