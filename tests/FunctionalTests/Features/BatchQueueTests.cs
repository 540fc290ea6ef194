using BoneMet.FeatureExtraction.Inference;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class BatchQueueTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OfManyCallers_LeaveTogetherAndChangeNoBit()
    {
        using var session = Encoders.Open(Encoders.Tile);
        await using var queue = new BatchQueue(session, TimeSpan.FromMilliseconds(200));
        var length = session.Card.Input.ItemLength;
        var tiles = GoldenInput.Tiles(session.Card.Input, 48, 21);
        var alone = new float[48 * session.Card.Output.Embedding];
        for (var n = 0; n < 48; n++) { session.Encode<byte>(tiles.AsSpan(n * length, length), 1, alone.AsSpan(n * 128, 128)); }

        var together = new float[alone.Length];
        await Task.WhenAll(Enumerable.Range(0, 48).Select(n =>
            Task.Run(() => queue.Encode<byte>(tiles.AsMemory(n * length, length), 1, together.AsMemory(n * 128, 128), n % 2 == 0, Stop), Stop)));
        Assert.Equal(alone, together);
        Assert.InRange(queue.Batches, 3, 24);
    }

    [Fact]
    public async Task Request_LargerThanABatch_IsSplit()
    {
        using var session = Encoders.Open(Encoders.Tile);
        await using var queue = new BatchQueue(session, TimeSpan.Zero);
        var tiles = GoldenInput.Tiles(session.Card.Input, 37, 22);
        var (expected, actual) = (new float[37 * 128], new float[37 * 128]);
        session.Encode<byte>(tiles, 37, expected);
        await queue.Encode<byte>(tiles, 37, actual, interactive: false, Stop);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Request_HoldingNaN_IsRefusedAndHarmsNobodyElse()
    {
        using var session = Encoders.Open(Encoders.Lesion);
        await using var queue = new BatchQueue(session, TimeSpan.FromMilliseconds(50));
        var sound = GoldenInput.Volume(session.Card.Input, 1, 23);
        var poisoned = (float[])sound.Clone();
        poisoned[77] = float.NaN;
        var embedding = new float[128];
        var good = queue.Encode<float>(sound, 1, embedding, interactive: true, Stop);
        await Assert.ThrowsAsync<InvalidInputException>(() => queue.Encode<float>(poisoned, 1, new float[128], interactive: true, Stop));
        await good;
        Assert.Contains(embedding, value => value != 0);
    }

    [Fact]
    public async Task Request_Cancelled_IsNotComputed()
    {
        using var session = Encoders.Open(Encoders.Lesion);
        await using var queue = new BatchQueue(session, TimeSpan.Zero);
        var cube = GoldenInput.Volume(session.Card.Input, 1, 24);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.Encode<float>(cube, 1, new float[128], interactive: true, gone.Token));
        var embedding = new float[128];
        await queue.Encode<float>(cube, 1, embedding, interactive: true, Stop);
        Assert.Contains(embedding, value => value != 0);
    }

    [Fact]
    public async Task Batch_ThatFails_IsHalvedUntilTheFaultIsAlone()
    {
        var package = Encoders.Package(Encoders.Tile);
        using var session = EncoderSession.Open(package, Encoders.Options(), (model, name, options, instead) =>
        {
            var (runner, decision) = SessionFactory.Open(model, name, options, instead);
            return (new PoisonedRunner(runner.Session), decision);
        });
        await using var queue = new BatchQueue(session, TimeSpan.FromMilliseconds(200));
        var requests = Enumerable.Range(0, 8).Select(n =>
        {
            var tile = GoldenInput.Tiles(session.Card.Input, 1, (uint)n);
            if (n == 5) { tile.AsSpan().Fill(PoisonedRunner.Poison); }
            return queue.Encode<byte>(tile, 1, new float[128], interactive: false, Stop);
        }).ToArray();
        await Task.WhenAll(requests).ContinueWith(_ => { }, Stop, TaskContinuationOptions.None, TaskScheduler.Default);
        for (var n = 0; n < 8; n++) { Assert.Equal(n == 5, requests[n].IsFaulted); }
    }

    [Fact]
    public async Task Request_Interactive_GoesBeforeThoseThatWait()
    {
        var order = new List<byte>();
        var (queue, hold, busy) = Held(order);
        await using (queue)
        {
            var bulk = new List<Task> { Encode(queue, 1, interactive: false, Stop) };
            await busy.WaitAsync(TimeSpan.FromMinutes(2), Stop);
            bulk.Add(Encode(queue, 2, interactive: false, Stop));
            bulk.Add(Encode(queue, 3, interactive: false, Stop));
            bulk.Add(Encode(queue, 4, interactive: true, Stop));
            hold.Set();
            await Task.WhenAll(bulk);
        }
        Assert.Equal([1, 4, 2, 3], order);
    }

    [Fact]
    public async Task Request_CancelledWhileItWaits_IsNotComputedAndTheNextIs()
    {
        var order = new List<byte>();
        var (queue, hold, busy) = Held(order);
        await using (queue)
        {
            using var gone = new CancellationTokenSource();
            var first = Encode(queue, 1, interactive: false, Stop);
            await busy.WaitAsync(TimeSpan.FromMinutes(2), Stop);
            var cancelled = Encode(queue, 2, interactive: false, gone.Token);
            var last = Encode(queue, 3, interactive: false, Stop);
            await gone.CancelAsync();
            hold.Set();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            await Task.WhenAll(first, last);
        }
        Assert.Equal([1, 3], order);
    }

    private static Task Encode(BatchQueue queue, byte mark, bool interactive, CancellationToken cancellation)
    {
        var tile = new byte[64 * 64 * 3];
        tile.AsSpan().Fill(mark);
        return queue.Encode<byte>(tile, 1, new float[128], interactive, cancellation);
    }

    /// <summary>A queue whose first batch is held up until the event is set, and that tells in which order the marks are computed.</summary>
    private static (BatchQueue Queue, ManualResetEventSlim Hold, Task Busy) Held(List<byte> order)
    {
        var (hold, busy, proven) = (new ManualResetEventSlim(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), false);
        var session = EncoderSession.Open(Encoders.Package("tile-synthetic"), new InferenceOptions { Threads = 1, TileBatch = 1 }, WatchedRunner.Opener(buffers =>
        {
            if (!proven) { return; }
            order.Add(buffers.Items(0, 1)[0]);
            busy.TrySetResult();
            hold.Wait(TimeSpan.FromMinutes(2));
        }));
        proven = true;
        return (new(session, TimeSpan.Zero), hold, busy.Task);
    }
}
