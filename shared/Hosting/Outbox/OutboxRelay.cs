using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoneMet.Hosting;

/// <summary>The one relay of the process: all collections with outboxes, woken after saves and every few seconds.</summary>
internal sealed partial class OutboxRelay(IEnumerable<IOutboxSource> sources, IMessagePublisher publisher, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<OutboxRelay> logger)
    : BackgroundService, IOutboxRelay
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim signal = new(1, 1);

    public void Wake()
    {
        if (signal.CurrentCount > 0) { return; }
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another save woke it at the same moment; one waking is enough for both.
            return;
        }
    }

    public override void Dispose()
    {
        signal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(stoppingToken);
        }
        // Told as none from the start: the first fault is then a rise from nought, which alerts can see.
        foreach (var source in sources) { BoneMetTelemetry.RelayFaults.Add(0, new KeyValuePair<string, object?>("collection", source.Name)); }
        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(Patience, stoppingToken);
            foreach (var source in sources)
            {
                try
                {
                    while (await source.Drain(publisher, stoppingToken)) { }
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    BoneMetTelemetry.RelayFaults.Add(1, new KeyValuePair<string, object?>("collection", source.Name));
                    LogFault(source.Name, fault);
                    await Task.Delay(AfterFault, clock, stoppingToken);
                    Wake();
                }
            }
        }
    }

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "Outbox messages of {Collection} wait: the bus does not take them")]
    private partial void LogFault(string collection, Exception fault);
}
