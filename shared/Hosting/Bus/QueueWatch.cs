using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace BoneMet.Hosting;

/// <summary>
/// How many messages wait in each queue of the platform, its error queues and the dead letters, and who consumes them. One service looks for all
/// of them, one that always runs: a service that is scaled to none cannot tell that work waits for it.
/// </summary>
internal sealed partial class QueueWatch : BackgroundService
{
    /// <summary>Who looks, where every service has a process of its own.</summary>
    public const string Watcher = "nomogram-aggregation";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly Uri address;
    private readonly TimeProvider clock;
    private readonly ILogger<QueueWatch> logger;
    private volatile IReadOnlyList<QueueDeclareOk> seen = [];

    public QueueWatch(Uri address, IMeterFactory meters, TimeProvider clock, ILogger<QueueWatch> logger)
    {
        (this.address, this.clock, this.logger) = (address, clock, logger);
        var meter = meters.Create(BoneMetTelemetry.Name);
        meter.CreateObservableGauge("bonemet.queue.messages", () => seen.Select(queue => Of(queue, queue.MessageCount)), "{message}", "Messages that wait in a queue");
        meter.CreateObservableGauge("bonemet.queue.consumers", () => seen.Select(queue => Of(queue, queue.ConsumerCount)), "{consumer}", "Consumers of a queue");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Watch(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // What was seen last is no longer true: rather no figure than an old one.
                seen = [];
                LogFault(fault.Message);
                await Task.Delay(Look, clock, stoppingToken);
            }
        }
    }

    private async Task Watch(CancellationToken cancellation)
    {
        var factory = new ConnectionFactory { Uri = address, ClientProvidedName = "bonemet queue watch", AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(cancellation);
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            var looked = new List<QueueDeclareOk>();
            foreach (var queue in Topology.Queues.Keys.SelectMany(queue => new[] { queue, $"{queue}_error" }).Append(BusModule.DeadLetters))
            {
                looked.Add(await Depth(connection, queue, cancellation));
            }
            seen = looked;
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>An error queue is made when the first message fails: until then there is none, and nothing in it.</summary>
    private static async Task<QueueDeclareOk> Depth(IConnection connection, string queue, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancellation);
        }
        catch (OperationInterruptedException fault) when (fault.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return new QueueDeclareOk(queue, 0, 0);
        }
    }

    private static Measurement<long> Of(QueueDeclareOk queue, uint value) => new(value, new KeyValuePair<string, object?>("queue", queue.QueueName));

    [LoggerMessage(EventId = 404, Level = LogLevel.Warning, Message = "The queues cannot be looked at: {Reason}")]
    private partial void LogFault(string reason);
}
