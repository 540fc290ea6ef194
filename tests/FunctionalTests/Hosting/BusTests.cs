using System.Diagnostics;
using BoneMet.Contracts.Events;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using BoneMet.Storage;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Xunit;

namespace BoneMet.FunctionalTests.Hosting;

public sealed class BusTests(RabbitMqServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Outbox_OnTheInMemoryBus_DeliversInOrderAndContinuesTheTrace()
    {
        using var traces = new TraceRecorder();
        await using var service = await Service("InMemory");

        ActivityTraceId trace;
        using (var act = BoneMetTelemetry.Source.StartActivity("upload")!)
        {
            trace = act.TraceId;
            await Write(service, "one", 3);
        }

        var received = service.Services.GetRequiredService<Received>();
        await received.Until(all => all.Count == 3, Patience);
        Assert.Equal([0, 1, 2], received.All.Select(entry => entry.Message.Number).Order());
        Assert.All(received.All, entry => Assert.Equal(trace, entry.Trace));
    }

    [Fact]
    public async Task Outbox_ThroughTheBroker_DeliversEverythingAndEmptiesTheDocuments()
    {
        await using var service = await Service("RabbitMq", await server.Start());
        for (var i = 0; i < 100; i++) { await Write(service, $"ledger-{i:000}", 5); }

        var received = service.Services.GetRequiredService<Received>();

        // The broker is shared: what another test published to the same exchange may stand in the queue too.
        static bool Own((string MessageId, EntryWritten Message, ActivityTraceId? Trace) entry) => entry.Message.LedgerId.StartsWith("ledger-", StringComparison.Ordinal);
        await received.Until(all => all.Where(Own).Select(entry => entry.MessageId).Distinct().Count() == 500, Patience);

        var ledgers = service.Services.GetRequiredService<IDocumentCollection<Ledger>>();
        await Until(async () => (await ledgers.WithOutbox(1)).Count == 0);
        Assert.Equal(500, received.All.Where(Own).Select(entry => (entry.Message.LedgerId, entry.Message.Number)).Distinct().Count());
    }

    [Fact]
    public async Task Broker_RestartedUnderLoad_LosesNothing()
    {
        RabbitMqServer.RequireInstalled();

        // Now and then the bus stays on the dead connection; BrokerWatch then ends the process for its supervisor to start again, which a test's own process cannot do.
        Assert.SkipUnless(Environment.GetEnvironmentVariable("BONEMET_TEST_BROKER_KILL") == "1", "kills a broker under this process (BONEMET_TEST_BROKER_KILL=1 runs it)");
        using var folder = new TemporaryFolder();
        var broker = await LocalRabbitMq.Start(folder.Path);
        try
        {
            await using var service = await Service("RabbitMq", broker.Address);
            var received = service.Services.GetRequiredService<Received>();
            for (var i = 0; i < 150; i++) { await Write(service, $"before-{i:000}", 4); }
            await received.Until(all => all.Count >= 100, Patience);

            await broker.Kill();
            for (var i = 0; i < 50; i++) { await Write(service, $"during-{i:000}", 4); }
            broker = await LocalRabbitMq.Start(folder.Path, broker.Port);
            for (var i = 0; i < 50; i++) { await Write(service, $"after-{i:000}", 4); }

            try
            {
                await received.Until(all => all.Select(entry => entry.MessageId).Distinct().Count() == 1000, TimeSpan.FromSeconds(180));
            }
            catch (OperationCanceledException)
            {
                var waiting = await service.Services.GetRequiredService<IDocumentCollection<Ledger>>().WithOutbox(1000);
                Assert.Fail($"{received.All.Select(entry => entry.MessageId).Distinct().Count()} of 1000 arrived; {waiting.Count} ledgers still have messages to send.");
            }
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    [Fact]
    public async Task Message_PublishedBeforeItsConsumerEverRan_IsKept()
    {
        var address = await server.Start();
        await TopologyDeployment.Declare(address, new BusOptions(), new Dictionary<string, string[]> { ["functional-tests-entry"] = [typeof(EntryWritten).FullName!] }, TestContext.Current.CancellationToken);
        await using (var publisher = await TestService.Start(builder => builder.AddOutbox<Ledger>(), settings: Settings("RabbitMq", address)))
        {
            await Write(publisher, "early", 20);
            var ledgers = publisher.Services.GetRequiredService<IDocumentCollection<Ledger>>();
            await Until(async () => (await ledgers.WithOutbox(1)).Count == 0);
        }

        await using var service = await Service("RabbitMq", address);
        await service.Services.GetRequiredService<Received>().Until(all => all.Count(entry => entry.Message.LedgerId == "early") == 20, Patience);
    }

    [Fact]
    public async Task PermanentFault_GoesToTheErrorQueue_AfterOneAttempt()
    {
        var address = await server.Start();
        await using var service = await TestService.Start(
            builder => { builder.AddOutbox<Ledger>(); builder.Services.AddSingleton<Received>(); },
            bus => bus.AddConsumer<RefusingConsumer>(), settings: Settings("RabbitMq", address));
        await Write(service, "poison", 1);

        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await Until(async () =>
        {
            // A queue that is not there yet closes the channel that asks.
            await using var look = await connection.CreateChannelAsync();
            try
            {
                return await look.MessageCountAsync("functional-tests-refusing_error") > 0;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                return false;
            }
        });
        Assert.Single(service.Services.GetRequiredService<Received>().All, entry => entry.Message.LedgerId == "poison");
    }

    [Fact]
    public async Task Message_ThatNoQueueWouldTake_CountsAsNotSent()
    {
        var address = await server.Start();
        await using var service = await TestService.Start(settings: Settings("RabbitMq", address));
        var publisher = service.Services.GetRequiredService<IMessagePublisher>();
        var queues = Topology.Queues.Where(pair => pair.Value.Contains(typeof(SlideTiled).FullName!)).Select(pair => pair.Key).ToList();
        var message = new SlideTiled { CaseId = "c", InputHash = "h", SlideId = "s", TissueTiles = 1, TileSize = 256, At = DateTimeOffset.UnixEpoch };
        await publisher.Publish(message, typeof(SlideTiled), Guid.NewGuid(), CancellationToken.None);

        await using (var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync(TestContext.Current.CancellationToken))
        await using (var channel = await connection.CreateChannelAsync())
        {
            foreach (var name in queues) { await channel.QueueDeleteAsync(name); }
        }
        await Assert.ThrowsAsync<MessageReturnedException>(() => publisher.Publish(message, typeof(SlideTiled), Guid.NewGuid(), CancellationToken.None));

        await TopologyDeployment.Declare(address, new BusOptions(), Topology.Queues, TestContext.Current.CancellationToken);
        await publisher.Publish(message, typeof(SlideTiled), Guid.NewGuid(), CancellationToken.None);
    }

    private static Task<TestService> Service(string transport, Uri? address = null) => TestService.Start(
        builder => { builder.AddOutbox<Ledger>(); builder.Services.AddSingleton<Received>(); },
        bus => bus.AddConsumer<EntryConsumer>(), settings: Settings(transport, address));

    private static Dictionary<string, string?> Settings(string transport, Uri? address) =>
        new() { ["Bus:Transport"] = transport, ["ConnectionStrings:rabbitmq"] = address?.ToString() };

    private static async Task Write(TestService service, string id, int messages)
    {
        var outbox = Enumerable.Range(0, messages).Select(number => Outgoing.Message(new EntryWritten { LedgerId = id, Number = number }, TimeProvider.System)).ToList();
        Assert.NotNull(await service.Services.GetRequiredService<IDocumentCollection<Ledger>>().TrySave(new Ledger { Id = id, Outbox = outbox }));
        service.Services.GetRequiredService<IOutboxRelay>().Wake();
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(waited.Elapsed < Patience, "It took too long.");
            await Task.Delay(50);
        }
    }
}
