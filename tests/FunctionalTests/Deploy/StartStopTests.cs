using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Support;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>A pod that is taken away while it starts: a start called off is no fault.</summary>
[Collection("processes")]
public sealed class StartStopTests
{
    [Theory]
    [InlineData("AllInOne")]
    [InlineData("ClinicalScoring")]
    [InlineData("CohortAnalysis")]
    [InlineData("DicomIngestion")]
    [InlineData("FeatureExtraction")]
    [InlineData("Gateway")]
    [InlineData("NomogramAggregation")]
    [InlineData("PathologyTiling")]
    public async Task Service_ToldToStopWhileItStarts_EndsWithZeroAndOneLine(string project)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var folder = new TemporaryFolder();
        var ports = FreePort.Find(3);

        // Nothing listens on the broker's port: the service stays in its start, and says so.
        await using var service = ServiceProcess.Start(
            project,
            new Dictionary<string, string>
            {
                ["Http:Port"] = $"{ports[0]}", ["Http:GrpcPort"] = $"{ports[1]}", ["Data:Folder"] = folder.Of("data"), ["Bus:Transport"] = "RabbitMq",
                ["ConnectionStrings:rabbitmq"] = $"amqp://guest:guest@127.0.0.1:{ports[2]}/", ["Identity:InternalKey"] = new string('k', 32),
            },
            folder.Of("service.log"));
        while (!Log(folder).Contains("does not answer yet", StringComparison.Ordinal))
        {
            Assert.False(service.HasExited, Log(folder));
            await Task.Delay(50, limit.Token);
        }
        await service.Stop();

        Assert.Equal(0, service.ExitCode);
        Assert.Single(Log(folder).Split('\n'), line => line.Contains("Told to stop while starting", StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", Log(folder), StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":\"error\"", Log(folder), StringComparison.Ordinal);
    }

    /// <summary>Before the host has begun to start, and at any time after: no moment at which SIGTERM is answered otherwise.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(1000)]
    [InlineData(1500)]
    [InlineData(2000)]
    public async Task AllInOne_ToldToStopAtAnyTime_EndsWithZero(int milliseconds)
    {
        using var folder = new TemporaryFolder();
        var ports = FreePort.Find(2);
        await using var service = ServiceProcess.Start(
            "AllInOne",
            new Dictionary<string, string> { ["Http:Port"] = $"{ports[0]}", ["Http:GrpcPort"] = $"{ports[1]}", ["Data:Folder"] = folder.Of("data"), ["Bus:Transport"] = "InMemory" },
            folder.Of("service.log"));
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        await service.Stop();

        Assert.Equal(0, service.ExitCode);
        Assert.DoesNotContain("Unhandled exception", Log(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_DataBelowItsWorkingDirectory_IsNotWatched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks at /proc");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var folder = new TemporaryFolder();
        var ports = FreePort.Find(2);
        await using var service = ServiceProcess.Start(
            "AllInOne",
            new Dictionary<string, string> { ["Http:Port"] = $"{ports[0]}", ["Http:GrpcPort"] = $"{ports[1]}", ["Data:Folder"] = folder.Of("data"), ["Bus:Transport"] = "InMemory" },
            folder.Of("service.log"));
        await service.WaitUntilReady(new Uri($"http://127.0.0.1:{ports[0]}/health/ready"), TimeSpan.FromMinutes(1), limit.Token);
        Assert.DoesNotContain(Directory.EnumerateDirectories($"/proc/{service.Id}/task"), task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith(".NET File Watch", StringComparison.Ordinal));
    }

    private static string Log(TemporaryFolder folder)
    {
        var file = folder.Of("service.log");
        if (!File.Exists(file)) { return ""; }
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
