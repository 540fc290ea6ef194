using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Faults;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>
/// SIGTERM while cases are submitted, as Kubernetes ends a pod: the process finishes what it has in hand and ends by itself, no request fails that
/// one retry does not cure once the platform is ready again, no case is lost or doubled.
/// </summary>
[Collection("processes")]
public sealed class TerminationTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int CasesPerRound = 2;
    private const int OneRetry = 2;

    // A client does not ask again in the same instant.
    private static readonly TimeSpan BeforeRetry = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task AllInOne_TerminatedUnderLoad_LosesNothing()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        using var data = new TemporaryFolder();
        var ports = FreePort.Find(2);
        var url = new Uri($"http://127.0.0.1:{ports[0]}");
        var key = (await Registry.FirstKey(data.Path, limit.Token))!;
        using var site = Submitter(url, key, cancellation => Ready([url], cancellation));
        var done = false;
        await using var first = KillTests.Start(data.Path, ports, null);
        await Ready([url], limit.Token);
        var submitting = site.Run(() => Volatile.Read(ref done), limit.Token);
        var running = first;
        for (var round = 0; round < Rounds; round++)
        {
            await Progress(site, limit.Token);
            await running.Stop();
            Assert.Equal(0, running.ExitCode);
            await running.DisposeAsync();
            running = KillTests.Start(data.Path, ports, null);
        }
        Volatile.Write(ref done, true);
        await submitting;
        await Judge(site, limit.Token);
        await running.DisposeAsync();
    }

    [Fact]
    public async Task Cluster_EveryServiceTerminatedUnderLoad_LosesNothing()
    {
        RabbitMqServer.RequireInstalled();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        using var data = new TemporaryFolder();
        await using var cluster = await LocalCluster.Start(data.Path, null, limit.Token);
        var addresses = ClusterLayout.Services.Select(service => cluster.Address(service.Service)).ToArray();
        using var site = Submitter(cluster.Url, cluster.Key!, cancellation => Ready(addresses, cancellation));
        var done = false;
        var submitting = site.Run(() => Volatile.Read(ref done), limit.Token);
        foreach (var (_, service) in ClusterLayout.Services)
        {
            await Progress(site, limit.Token);
            Assert.True(await cluster.Restart(service, limit.Token) == 0, $"{service} did not end by itself");
        }
        Volatile.Write(ref done, true);
        await submitting;
        await Judge(site, limit.Token);
    }

    private static SteadySubmitter Submitter(Uri url, string key, Func<CancellationToken, Task> untilReady) =>
        new(url, key, SmallCase.ImagesZip(), SmallCase.Slide(), SmallCase.Clinical(), async cancellation =>
        {
            await untilReady(cancellation);
            await Task.Delay(BeforeRetry, cancellation);
        });

    private async Task Judge(SteadySubmitter site, CancellationToken cancellation)
    {
        output.WriteLine($"{site.Acknowledged.Count} cases, {site.Interruptions} requests cut short, at most {site.MostAttempts} attempts");
        foreach (var repeated in site.Repeated.Take(20)) { output.WriteLine(repeated); }
        Assert.Empty(site.Refused);
        Assert.InRange(site.MostAttempts, 1, OneRetry);
        await KillTests.Verify(site, cancellation);
    }

    /// <summary>Waits until further cases were acknowledged, so that each termination meets a platform at work.</summary>
    private static async Task Progress(SteadySubmitter site, CancellationToken cancellation)
    {
        var enough = site.Acknowledged.Count + CasesPerRound;
        while (site.Acknowledged.Count < enough && site.Refused.Count == 0) { await Task.Delay(20, cancellation); }
    }

    private static async Task Ready(IReadOnlyList<Uri> addresses, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        foreach (var address in addresses)
        {
            while (!await Answers(http, new Uri(address, "/health/ready"), cancellation)) { await Task.Delay(50, cancellation); }
        }
    }

    private static async Task<bool> Answers(HttpClient http, Uri health, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(health, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !cancellation.IsCancellationRequested)) { return false; }
    }
}
