using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace BoneMet.Hosting;

/// <summary>Declares all exchanges, queues and bindings of the platform, exactly as MassTransit would, before anything is published.</summary>
internal sealed partial class TopologyDeployment(Uri address, BusOptions options, TimeProvider clock, ILogger<TopologyDeployment> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await Declare(address, options, Topology.Queues, cancellationToken);
                return;
            }
            catch (BrokerUnreachableException fault)
            {
                if (clock.GetElapsedTime(begun).TotalSeconds > options.StartSeconds) { throw; }
                LogWaiting(address.Host, fault.Message);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static async Task Declare(Uri address, BusOptions options, IReadOnlyDictionary<string, string[]> queues, CancellationToken cancellation)
    {
        var factory = new ConnectionFactory { Uri = address, ClientProvidedName = "bonemet topology" };
        await using var connection = await factory.CreateConnectionAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await Queue(channel, BusModule.DeadLetters, QuorumArguments(), cancellation);
        foreach (var (queue, types) in queues)
        {
            await Queue(channel, queue, EndpointArguments(options), cancellation);
            foreach (var type in types)
            {
                var exchange = ExchangeOf(type);
                await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
                await channel.ExchangeBindAsync(queue, exchange, "", cancellationToken: cancellation);
            }
        }
    }

    internal static Dictionary<string, object?> QuorumArguments() => new() { ["x-queue-type"] = "quorum" };

    internal static Dictionary<string, object?> EndpointArguments(BusOptions options) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = options.DeliveryLimit,
        ["x-dead-letter-exchange"] = BusModule.DeadLetters,
    };

    internal static string ExchangeOf(string fullName)
    {
        var dot = fullName.LastIndexOf('.');
        return $"{fullName[..dot]}:{fullName[(dot + 1)..]}";
    }

    private static async Task Queue(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
    }

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "The broker at {Host} does not answer yet: {Reason}")]
    private partial void LogWaiting(string host, string reason);
}
