using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace BoneMet.Hosting;

/// <summary>
/// Ends the process, for its supervisor to start again, when its bus stays on a dead connection although the broker answers a new one. MassTransit 8.5 on RabbitMQ.Client 7
/// does that now and then after the broker was killed; outboxes and queues keep everything meanwhile.
/// </summary>
internal sealed partial class BrokerWatch(Uri address, IBusControl bus, BusPublisher publisher, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<BrokerWatch> logger) : BackgroundService
{
    /// <summary>What a process that gave up its bus ends with (EX_TEMPFAIL).</summary>
    public const int ExitCode = 75;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using (lifetime.ApplicationStarted.Register(started.SetResult)) { await started.Task.WaitAsync(stoppingToken); }
        var patience = new BrokerPatience(Limit);
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var works = !publisher.IsFailing && bus.CheckHealth().Status == BusHealthStatus.Healthy;
            if (!patience.IsOver(works, !works && await Answers(stoppingToken), clock.GetUtcNow())) { continue; }
            LogGivingUp(Limit.TotalSeconds);
            Environment.ExitCode = ExitCode;
            lifetime.StopApplication();
            return;
        }
    }

    private async Task<bool> Answers(CancellationToken cancellation)
    {
        try
        {
            var factory = new ConnectionFactory { Uri = address, ClientProvidedName = "bonemet watch", AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = Period };
            await using var connection = await factory.CreateConnectionAsync(cancellation);
            return connection.IsOpen;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogNoAnswer(fault.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 402, Level = LogLevel.Error, Message = "The broker has answered new connections for {Seconds} s while the bus of this process stayed broken: the process ends, to be started again")]
    private partial void LogGivingUp(double seconds);

    [LoggerMessage(EventId = 403, Level = LogLevel.Information, Message = "The broker does not answer: {Reason}")]
    private partial void LogNoAnswer(string reason);
}
