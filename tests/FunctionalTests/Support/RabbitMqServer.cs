using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using Xunit;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace BoneMet.FunctionalTests.Support;

/// <summary>
/// A real RabbitMQ for the tests of this run: started when the first test asks, stopped after the last. Take it as a constructor argument
/// and <c>await server.Start()</c>; where Debian's package is missing the test is skipped by name.
/// </summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string folder = Directory.CreateTempSubdirectory("bonemet-rabbit-").FullName;
    private LocalRabbitMq? broker;

    public Uri Address => broker?.Address ?? throw new InvalidOperationException("Start the server first.");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The shared broker.</summary>
    public async Task<Uri> Start()
    {
        RequireInstalled();
        await gate.WaitAsync();
        try
        {
            broker ??= await LocalRabbitMq.Start(folder);
            return broker.Address;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Skips the test, by name, where RabbitMQ is not installed.</summary>
    public static void RequireInstalled() => Assert.SkipUnless(LocalRabbitMq.IsInstalled, "needs RabbitMQ: apt-get install rabbitmq-server");

    public async ValueTask DisposeAsync()
    {
        if (broker is not null) { await broker.DisposeAsync(); }
        Directory.Delete(folder, recursive: true);
        gate.Dispose();
    }
}
