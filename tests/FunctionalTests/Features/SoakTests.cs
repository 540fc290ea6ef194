using BoneMet.FeatureExtraction.Inference;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

/// <summary>Runs by itself: what it measures is the memory of the whole process.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class SoakTests
{
    private const string Alone = "Inference soak";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_Ragged_LeavesMemoryFlat()
    {
        using var session = Encoders.Open(Encoders.Tile);
        await using var queue = new BatchQueue(session, TimeSpan.Zero);
        var tiles = GoldenInput.Tiles(session.Card.Input, 16, 25);
        var length = session.Card.Input.ItemLength;
        var embeddings = new float[16 * 128];
        var minutes = double.Parse(Environment.GetEnvironmentVariable("BONEMET_SOAK_MINUTES") ?? "0.05");
        var random = new Random(3);
        async Task Round(int calls)
        {
            for (var n = 0; n < calls; n++)
            {
                var items = random.Next(1, 17);
                await queue.Encode<byte>(tiles.AsMemory(0, items * length), items, embeddings.AsMemory(0, items * 128), interactive: false, Stop);
            }
        }

        for (var items = 1; items <= 16; items++) { await queue.Encode<byte>(tiles.AsMemory(0, items * length), items, embeddings.AsMemory(0, items * 128), interactive: false, Stop); }
        await Round(20);
        var before = Resident();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        do { await Round(20); }
        while (clock.Elapsed.TotalMinutes < minutes);
        Assert.InRange(Resident() - before, long.MinValue, 40L << 20);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
