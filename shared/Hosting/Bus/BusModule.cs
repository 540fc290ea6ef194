using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoneMet.Hosting;

public static class BusModule
{
    internal const string DeadLetters = "bonemet-dead-letters";
    private const string Connection = "rabbitmq";

    /// <summary>The one bus of the process; each module contributes its consumers. Retries and queue policy are set here for all of them.</summary>
    public static void AddBus(this IHostApplicationBuilder builder, params Action<IBusRegistrationConfigurator>[] modules)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(modules);
        var options = builder.Configuration.GetSection(BusOptions.Section).Get<BusOptions>() ?? new BusOptions();
        var transport = options.Transport ?? (builder.Services.Any(service => service.ImplementationInstance is ServiceIdentity { IsAllInOne: true })
            ? BusTransport.InMemory
            : throw new InvalidOperationException("Bus:Transport must be RabbitMq or InMemory."));

        builder.Services.AddSingleton<BusPublisher>();
        builder.Services.AddSingleton<IMessagePublisher>(services => services.GetRequiredService<BusPublisher>());
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = true;
            host.StartTimeout = TimeSpan.FromSeconds(options.StartSeconds);
            host.StopTimeout = TimeSpan.FromSeconds(20);
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(10);
        });
        if (transport == BusTransport.RabbitMq)
        {
            var address = Address(builder.Configuration.GetConnectionString(Connection));
            builder.Services.AddHostedService(services => new TopologyDeployment(
                address, options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<TopologyDeployment>>()));
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<BrokerWatch>(services, address));
            if (builder.Services.Any(service => service.ImplementationInstance is ServiceIdentity { IsAllInOne: true } or ServiceIdentity { Name: QueueWatch.Watcher }))
            {
                builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<QueueWatch>(services, address));
            }
        }
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetEndpointNameFormatter(new ServiceEndpointNameFormatter());
            foreach (var addConsumers in modules) { addConsumers(bus); }
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "bus";
                health.Tags.Add("ready");
            });
            bus.AddConfigureEndpointsCallback((_, _, endpoint) => Endpoint(endpoint, options));
            switch (transport)
            {
                case BusTransport.RabbitMq:
                    var address = Address(builder.Configuration.GetConnectionString(Connection));
                    bus.UsingRabbitMq((context, rabbit) =>
                    {
                        rabbit.Host(address, host =>
                        {
                            host.PublisherConfirmation = true;
                            host.Heartbeat(TimeSpan.FromSeconds(10));
                        });
                        rabbit.PrefetchCount = options.Prefetch;
                        rabbit.DeployPublishTopology = true;
                        rabbit.ConfigurePublish(publish => publish.UseExecute(Route));
                        rabbit.ConfigureJsonSerializerOptions(Serialization);
                        rabbit.ConfigureEndpoints(context);
                    });
                    break;
                default:
                    bus.UsingInMemory((context, memory) =>
                    {
                        memory.PrefetchCount = options.Prefetch;
                        memory.ConfigureJsonSerializerOptions(Serialization);
                        memory.ConfigureEndpoints(context);
                    });
                    break;
            }
        });
    }

    /// <summary>What must be heard is returned by the broker, and fails here, when no queue would take it.</summary>
    private static void Route(PublishContext context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit) && context.SupportedMessageTypes.Length > 0) { rabbit.Mandatory = Topology.IsHeard(rabbit.GetType().GenericTypeArguments.FirstOrDefault() ?? typeof(object)); }
    }

    private static void Endpoint(IReceiveEndpointConfigurator endpoint, BusOptions options)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
            rabbit.SetQueueArgument("x-delivery-limit", options.DeliveryLimit);
            rabbit.BindDeadLetterQueue(DeadLetters, DeadLetters, queue => queue.SetQuorumQueue());
        }
        endpoint.UseFilter(new ConsumeWatch());
        endpoint.UseMessageRetry(retry =>
        {
            retry.Exponential(options.Attempts - 1, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200));
            retry.Ignore<PermanentFaultException>();
        });
    }

    private static System.Text.Json.JsonSerializerOptions Serialization(System.Text.Json.JsonSerializerOptions json)
    {
        json.NumberHandling = Storage.DocumentJson.Options.NumberHandling;
        json.DefaultIgnoreCondition = Storage.DocumentJson.Options.DefaultIgnoreCondition;
        return json;
    }

    private static Uri Address(string? connection) =>
        Uri.TryCreate(connection, UriKind.Absolute, out var address) && address.Scheme is ("amqp" or "amqps" or "rabbitmq" or "rabbitmqs")
            ? address
            : throw new InvalidOperationException("ConnectionStrings:rabbitmq must be an amqp:// URL when Bus:Transport is RabbitMq.");
}
