using System.Diagnostics;
using BoneMet.CrashVictim;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using BoneMet.Storage.Sqlite;
using Xunit;

namespace BoneMet.FunctionalTests.Hosting;

/// <summary>A process is killed with SIGKILL at each named point, again and again, on a real broker: nothing acknowledged is missing, nothing is doubled.</summary>
public sealed class CrashTests(RabbitMqServer server)
{
    private const int KilledBySignal = 128 + 9;
    private static readonly string[] Points = [CrashPoint.AfterDocumentWrite, CrashPoint.BeforePublish, CrashPoint.AfterPublish, CrashPoint.BeforeAcknowledge, CrashPoint.DuringBlobRename];

    [Fact]
    public async Task Process_KilledAtEveryPoint_LosesAndDoublesNothing()
    {
        var address = await server.Start();
        var rounds = int.Parse(Environment.GetEnvironmentVariable("BONEMET_CRASH_ROUNDS") ?? "2");
        using var folder = new TemporaryFolder();
        var saved = new HashSet<string>();
        var stored = new HashSet<string>();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < Points.Length; i++)
            {
                var lines = await Run(folder.Path, address, $"{Points[i]}:{1 + (round * 7 + i * 3) % 11}", parcels: 40);
                Collect(lines, saved, stored);
            }
        }
        Collect(await Run(folder.Path, address, crashAt: null, parcels: 5), saved, stored);

        await using var store = new SqliteDocumentStore(folder.Of("documents.db"));
        var blobs = new FolderBlobStore(folder.Of("blobs"));
        Assert.Empty(Directory.EnumerateFiles(folder.Of("blobs", "tmp")));
        foreach (var sha256 in stored) { Assert.True(await blobs.Verify(sha256), $"The acknowledged blob {sha256} is gone."); }
        var parcels = await All(store.Collection<Parcel>());
        Assert.Subset(parcels.Select(parcel => parcel.Id).ToHashSet(), saved);
        var arrivals = await All(store.Collection<Arrival>());
        Assert.Equal(parcels.Select(parcel => parcel.Id), arrivals.Select(arrival => arrival.Id));
        Assert.All(arrivals, arrival => Assert.Equal(1, arrival.Effects));
        Assert.All(parcels, parcel => Assert.Empty(parcel.Outbox));
        Assert.True(saved.Count >= rounds, $"only {saved.Count} parcels were saved");
    }

    /// <summary>Runs the victim until it kills itself, or, without a crash point, until every parcel that exists has arrived.</summary>
    private static async Task<List<string>> Run(string folder, Uri address, string? crashAt, int parcels)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "BoneMet.CrashVictim.dll"), "--Http:Port=0", "--Http:GrpcPort=0", $"--Data:Folder={folder}", "--Storage:ReserveMiB=1", "--Bus:Transport=RabbitMq",
            $"--ConnectionStrings:rabbitmq={address}", $"--Identity:InternalKey={new string('k', 32)}", $"--Victim:Parcels={parcels}"]) { start.ArgumentList.Add(argument); }
        if (crashAt is not null) { start.Environment["BONEMET_CRASH_AT"] = crashAt; }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var lines = new List<string>();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                lines.Add(line);
                if (crashAt is null && line is "sent" && await Settled(folder, patience.Token)) { process.Kill(); }
            }
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) { process.Kill(); }
        }
        Assert.True(lines.Contains("ready"), $"The victim did not start ({crashAt}): {await errors}");
        Assert.True(process.ExitCode == KilledBySignal, $"The victim ended with {process.ExitCode} and was not killed ({crashAt}): {await errors}");
        return lines;
    }

    private static async Task<bool> Settled(string folder, CancellationToken cancellation)
    {
        await using var store = new SqliteDocumentStore(Path.Combine(folder, "documents.db"));
        while ((await store.Collection<Parcel>().WithOutbox(1, cancellation)).Count > 0 || (await All(store.Collection<Arrival>())).Count < (await All(store.Collection<Parcel>())).Count)
        {
            await Task.Delay(100, cancellation);
        }
        return true;
    }

    private static void Collect(List<string> lines, HashSet<string> saved, HashSet<string> stored)
    {
        foreach (var line in lines)
        {
            if (line.StartsWith("saved ", StringComparison.Ordinal)) { saved.Add(line[6..]); }
            if (line.StartsWith("stored ", StringComparison.Ordinal)) { stored.Add(line[7..]); }
        }
    }

    private static async Task<List<T>> All<T>(IDocumentCollection<T> documents)
        where T : StoredDocument
    {
        var all = new List<T>();
        string? after = null;
        do
        {
            var page = await documents.Query(after: after, limit: 1000);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
