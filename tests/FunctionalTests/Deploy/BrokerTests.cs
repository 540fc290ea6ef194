using BoneMet.Cli.Broker;
using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>deploy/rabbitmq/definitions.json: what the code declares, applied to a real broker, enough for a real service and no more.</summary>
[Collection("processes")]
public sealed class BrokerTests
{
    private const string Queue = "clinical-scoring-factors-submitted";
    private static readonly string File = Path.Combine(TestData.Root, "deploy", "rabbitmq", "definitions.json");

    [Fact]
    public void Definitions_CheckedIn_EqualTheTopologyOfTheCode()
    {
        var expected = BrokerDefinitions.Json();
        if (Environment.GetEnvironmentVariable("BONEMET_WRITE_TOPOLOGY") == "1") { System.IO.File.WriteAllText(File, expected); }
        Assert.True(expected == System.IO.File.ReadAllText(File), "deploy/rabbitmq/definitions.json must be what `bonemet broker definitions` prints (BONEMET_WRITE_TOPOLOGY=1 writes it)");
        Assert.DoesNotContain("password", expected);
    }

    [Fact]
    public async Task Definitions_AppliedTwice_LetAServiceWorkAndNothingElse()
    {
        RabbitMqServer.RequireInstalled();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        using var folder = new TemporaryFolder();
        await using var broker = await LocalRabbitMq.Start(folder.Of("rabbitmq"), cancellation: limit.Token, management: true);
        var connection = $"amqp://bonemet:secret-of-this-test@127.0.0.1:{broker.Port}/bonemet";
        using var management = new BrokerManagement(broker.Management!, "guest", "guest");
        for (var time = 0; time < 2; time++)
        {
            var applied = await management.Apply(BrokerDefinitions.Json(), BrokerAccount.Parse(connection), "monitor-secret", limit.Token);
            Assert.Equal(Topology.Queues.Count + 1, applied.Queues);
        }

        // A real service, with this user's rights alone, declares its topology, consumes, and moves what it cannot read to its error queue.
        var ports = FreePort.Find(2);
        await using var service = ServiceProcess.Start(
            "ClinicalScoring",
            new Dictionary<string, string>
            {
                ["Http:Port"] = $"{ports[0]}", ["Http:GrpcPort"] = $"{ports[1]}", ["Data:Folder"] = folder.Of("data"), ["Bus:Transport"] = "RabbitMq",
                ["ConnectionStrings:rabbitmq"] = connection, ["Identity:InternalKey"] = new string('k', 32),
            },
            folder.Of("service.log"));
        await service.WaitUntilReady(new Uri($"http://127.0.0.1:{ports[0]}/health/ready"), TimeSpan.FromSeconds(120), limit.Token);

        await using var asService = await new ConnectionFactory { Uri = new Uri(connection) }.CreateConnectionAsync(limit.Token);
        await using (var channel = await asService.CreateChannelAsync(cancellationToken: limit.Token))
        {
            await channel.BasicPublishAsync(Queue, "", "not a message of ours"u8.ToArray(), limit.Token);
        }
        await Waits(asService, $"{Queue}_error", limit.Token);

        await using var foreign = await asService.CreateChannelAsync(cancellationToken: limit.Token);
        var refused = await Assert.ThrowsAsync<OperationInterruptedException>(() => foreign.QueueDeclareAsync("somebody-elses", cancellationToken: limit.Token));
        Assert.Equal(403, refused.ShutdownReason!.ReplyCode);

        // The client hands the connection over before the broker has answered for the virtual host: the refusal meets whoever uses it first.
        var elsewhere = new ConnectionFactory { Uri = new Uri(connection), VirtualHost = "/", AutomaticRecoveryEnabled = false };
        var outside = await Assert.ThrowsAnyAsync<OperationInterruptedException>(async () =>
        {
            try
            {
                await using var opened = await elsewhere.CreateConnectionAsync(limit.Token);
                await using var channel = await opened.CreateChannelAsync(cancellationToken: limit.Token);
                await channel.QueueDeclareAsync("bonemet-dead-letters", cancellationToken: limit.Token);
            }
            catch (BrokerUnreachableException fault) when (fault.InnerException is OperationInterruptedException inner) { throw inner; }
        });
        Assert.Equal(530, outside.ShutdownReason!.ReplyCode);
    }

    [Theory]
    [InlineData("http://not-amqp/")]
    [InlineData("amqp://host/vhost")]
    public void Account_WithoutUserOrOfAnotherScheme_IsRefusedWithoutShowingIt(string connection)
    {
        var failure = Assert.Throws<Cli.CliFailure>(() => BrokerAccount.Parse(connection));
        Assert.DoesNotContain(connection, failure.Message);
    }

    private static async Task Waits(IConnection connection, string queue, CancellationToken cancellation)
    {
        while (true)
        {
            // A queue that is not there yet closes the channel that asks.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            try
            {
                if (await channel.MessageCountAsync(queue, cancellation) > 0) { return; }
            }
            catch (OperationInterruptedException fault) when (fault.ShutdownReason?.ReplyCode == 404) { Assert.False(cancellation.IsCancellationRequested); }
            await Task.Delay(200, cancellation);
        }
    }
}
