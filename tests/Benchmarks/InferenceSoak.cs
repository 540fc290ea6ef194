using System.Diagnostics;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using Microsoft.Extensions.Options;

namespace BoneMet.Benchmarks;

/// <summary>
/// `bonemet bench inference-soak [BATCHES=20000]`: ragged batches over all encoders under a memory budget that holds about two of the four, so that they are unloaded and loaded again all the time. In the
/// first half the allocator's arenas fill, as sessions open on ever other threads; in the second half resident memory must be flat, since what leaks grows with every session that is opened.
/// </summary>
internal static class InferenceSoak
{
    private const int Reports = 10;
    private const int Callers = 4;
    private const int RequestsInARound = 10;
    private const int LargestRequest = 9;
    private const int AllowedGrowthMiB = 48;

    public static async Task<int> Run(string[] args)
    {
        var batches = args.Length > 0 ? int.Parse(args[0]) : 20_000;
        var catalogue = EncoderCatalogue.Load([Path.Combine(AppContext.BaseDirectory, "Encoders")], CardTrust.ShippedOnly);
        var options = Options.Create(new InferenceOptions { Threads = 1, MemoryMiB = 4 });
        var opened = 0;
        await using var pool = new EncoderPool(catalogue, options, TimeProvider.System, (model, name, wanted, instead) =>
        {
            Interlocked.Increment(ref opened);
            return SessionFactory.Open(model, name, wanted, instead);
        });
        string[] ids = [.. catalogue.Encoders.Select(package => package.Card.Id)];
        Console.WriteLine($"{batches} requests of 1 to {LargestRequest} items by {Callers} callers over {ids.Length} encoders, {options.Value.MemoryMiB} MiB for sessions; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        var rounds = Math.Max(1, batches / Reports / Callers / RequestsInARound);
        var (clock, middle, last) = (Stopwatch.StartNew(), 0L, 0L);
        for (var report = 1; report <= Reports; report++)
        {
            for (var round = 0; round < rounds; round++)
            {
                // Two encoders in each round, drawn anew: the others make room for them.
                var drawn = new Random((report * rounds) + round).GetItems(ids, 2);
                await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Work(pool, drawn, new Random((round * Callers) + caller)))));
            }
            last = Resident();
            if (report == Reports / 2) { middle = last; }
            Console.WriteLine(FormattableString.Invariant($"  after {report * rounds * Callers * RequestsInARound,8}: {last >> 20,5} MiB resident, {opened,5} sessions opened, {clock.Elapsed.TotalSeconds:0} s"));
        }
        Console.WriteLine($"growth in the second half: {(last - middle) >> 20} MiB ({AllowedGrowthMiB} allowed)");
        return last - middle <= (long)AllowedGrowthMiB << 20 ? 0 : 1;
    }

    private static async Task Work(EncoderPool pool, string[] ids, Random random)
    {
        for (var n = 0; n < RequestsInARound; n++)
        {
            using var lease = await pool.Rent(ids[random.Next(ids.Length)], CancellationToken.None);
            var (card, items) = (lease.Session.Card, random.Next(1, LargestRequest + 1));
            var embeddings = new float[items * card.Output.Embedding];
            var interactive = random.Next(4) == 0;
            if (card.Input.Kind == EncoderInput.Volume)
            {
                // A volume costs as much as many tiles.
                items = 1;
                await lease.Queue.Encode<float>(GoldenInput.Volume(card.Input, items, (uint)n), items, embeddings.AsMemory(0, card.Output.Embedding), interactive, CancellationToken.None);
                continue;
            }
            await lease.Queue.Encode<byte>(GoldenInput.Tiles(card.Input, items, (uint)n), items, embeddings, interactive, CancellationToken.None);
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
