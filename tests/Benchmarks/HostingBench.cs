using System.Diagnostics;
using BoneMet.Hosting;
using BoneMet.Storage;
using BoneMet.Storage.Sqlite;

namespace BoneMet.Benchmarks;

/// <summary>What the foundation costs: a recognised key, a signed caller, a save alone and a thousand saves together.</summary>
internal static class HostingBench
{
    private const int Rounds = 200_000;

    public static int Run(string[] args)
    {
        _ = args;
        var folder = Directory.CreateTempSubdirectory("bonemet-bench-").FullName;
        try
        {
            Measure(folder).GetAwaiter().GetResult();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(string folder)
    {
        await using var store = new SqliteDocumentStore(Path.Combine(folder, "documents.db"));
        var sites = new SiteRegistry(store.Collection<Site>(), TimeProvider.System);
        var key = (await sites.Add("bench"))!.Key;
        await sites.Authenticate(key);
        var signature = new CallerSignature(new byte[32], TimeProvider.System);
        var caller = new Caller("bench", IsOperator: false);
        var header = signature.Sign(caller);

        await Print("recognise an API key", Rounds, async () => { for (var i = 0; i < Rounds; i++) { await sites.Authenticate(key); } });
        await Print("sign a caller", Rounds, () => { for (var i = 0; i < Rounds; i++) { signature.Sign(caller); } return Task.CompletedTask; });
        await Print("verify a caller", Rounds, () => { for (var i = 0; i < Rounds; i++) { signature.Verify(header); } return Task.CompletedTask; });

        var notes = store.Collection<BenchNote>();
        await Print("save, one after another", 500, async () => { for (var i = 0; i < 500; i++) { await notes.TrySave(new BenchNote { Id = $"a{i}" }); } });
        await Print("save, many at once", 20_000, () => Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => notes.TrySave(new BenchNote { Id = $"b{i}" }))));
        await Print("find", 50_000, async () => { for (var i = 0; i < 50_000; i++) { await notes.Find($"b{i % 20_000}"); } });
    }

    private static async Task Print(string what, int count, Func<Task> act)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        await act();
        var each = watch.Elapsed / count;
        Console.WriteLine($"{what,-28} {each.TotalMicroseconds,10:0.00} us each {1 / each.TotalSeconds,12:0} per second {(GC.GetTotalAllocatedBytes(precise: true) - before) / count,8} bytes each");
    }

    private sealed record BenchNote : StoredDocument;
}
