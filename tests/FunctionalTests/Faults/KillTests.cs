using System.Diagnostics;
using BoneMet.Cli.Platform;
using BoneMet.Contracts.Api;
using Xunit;

namespace BoneMet.FunctionalTests.Faults;

/// <summary>
/// kill -9 at named points while cases are submitted: every case ends in a terminal state with exactly one prediction per set of ready
/// strands, nothing acknowledged is missing, nothing is doubled. BONEMET_KILLS sets how often in each mode (50, so 100 over both, by default).
/// </summary>
[Collection("processes")]
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly string[] Points = ["after-document-write", "before-publish", "after-publish", "before-acknowledge", "during-blob-rename"];
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("BONEMET_KILLS"), out var wanted) ? wanted : 50;
    private const int SigKilled = 137;

    [Fact]
    public async Task AllInOne_KilledAtNamedPoints_LosesNothingAndDoublesNothing()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(12));
        var folder = Directory.CreateTempSubdirectory("bonemet-kill-").FullName;
        var ports = FreePort.Find(2);
        var url = new Uri($"http://127.0.0.1:{ports[0]}");
        var key = (await Registry.FirstKey(folder, limit.Token))!;
        var random = new Random(4711);
        var kills = 0;
        using var site = new SteadySubmitter(url, key, SmallCase.ImagesZip(), SmallCase.Slide(), SmallCase.Clinical());
        var submitting = Task.Run(() => site.Run(() => Volatile.Read(ref kills) >= Kills, limit.Token), limit.Token);
        while (kills < Kills && site.Refused.Count == 0)
        {
            var point = Points[random.Next(Points.Length)];
            await using var process = Start(folder, ports, $"{point}:{random.Next(1, 5)}");
            if (await Ended(process, TimeSpan.FromSeconds(8), limit.Token)) { Assert.Equal(SigKilled, process.ExitCode); }
            else { Process.GetProcessById(process.Id).Kill(); }
            kills++;
        }
        await using var last = Start(folder, ports, null);
        await submitting;
        Assert.Empty(site.Refused);
        await Verify(site, limit.Token);
        output.WriteLine($"{kills} kills, {site.Acknowledged.Count} cases, {site.Interruptions} requests cut short");
        await last.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Cluster_AnyServiceKilledAtNamedPoints_LosesNothingAndDoublesNothing()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server"), "needs Debian's rabbitmq-server");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(12));
        var folder = Directory.CreateTempSubdirectory("bonemet-kill-").FullName;
        var random = new Random(4712);
        var kills = 0;
        string? CrashAt(string service) => Volatile.Read(ref kills) < Kills ? $"{Points[random.Next(Points.Length)]}:{random.Next(1, 5)}" : null;
        await using (var cluster = await LocalCluster.Start(folder, null, limit.Token, crashAt: CrashAt))
        {
            using var supervising = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            var watch = cluster.Supervise(_ => Interlocked.Increment(ref kills), supervising.Token);
            using var site = new SteadySubmitter(cluster.Url, cluster.Key!, SmallCase.ImagesZip(), SmallCase.Slide(), SmallCase.Clinical());
            await site.Run(() => Volatile.Read(ref kills) >= Kills, limit.Token);
            Assert.Empty(site.Refused);
            await Verify(site, limit.Token);
            output.WriteLine($"{kills} kills, {site.Acknowledged.Count} cases, {site.Interruptions} requests cut short");
            await supervising.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Every acknowledged case: all strands ready, one prediction for each set of ready material, the last one on all three.</summary>
    internal static async Task Verify(SteadySubmitter site, CancellationToken cancellation)
    {
        Assert.NotEmpty(site.Acknowledged);
        var probabilities = new HashSet<double>();
        foreach (var id in site.Acknowledged)
        {
            CaseView view;
            do
            {
                view = await site.Get(id, cancellation);
                if (!view.Settled || view.Predictions.Count == 0) { await Task.Delay(100, cancellation); }
            }
            while (!view.Settled || view.Predictions.Count == 0);

            Assert.All(view.Strands, strand => Assert.True(strand.Value.Status == "ready", $"{id}: {strand.Key} is {strand.Value.Status}: {strand.Value.Reason}"));
            var sets = view.Predictions.Select(prediction => prediction.GetProperty("strands").GetRawText()).ToList();
            Assert.Equal(sets.Distinct().Count(), sets.Count);
            Assert.Equal(sets.Count, view.Timeline.Count(entry => entry.Kind == "prediction-added"));
            Assert.Equal(3, view.Predictions[^1].GetProperty("strands").EnumerateObject().Count());
            probabilities.Add(view.Predictions[^1].GetProperty("probability").GetDouble());
        }
        Assert.Single(probabilities);
    }

    internal static ServiceProcess Start(string folder, int[] ports, string? crashAt)
    {
        var settings = new Dictionary<string, string>
        {
            ["Http:Port"] = $"{ports[0]}",
            ["Http:GrpcPort"] = $"{ports[1]}",
            ["Data:Folder"] = folder,
            ["Bus:Transport"] = "InMemory",
        };
        if (crashAt is not null) { settings["BONEMET_CRASH_AT"] = crashAt; }
        return ServiceProcess.Start("AllInOne", settings, Path.Combine(folder, "log", "all-in-one.log"));
    }

    private static async Task<bool> Ended(ServiceProcess process, TimeSpan limit, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        try { await process.WaitForExit(patience.Token); }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested) { return false; }
        return true;
    }
}
