using BoneMet.Contracts.V1;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.LabelSlide;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class TileBagTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tiles_AsManyAsALargeSlideHas_AreAllEncoded()
    {
        const int tiles = 200_000;
        using var session = EncoderSession.Open(Encoders.Package("tile-synthetic"), new InferenceOptions { Threads = 1, TileBatch = 256 }, (model, name, options, instead) =>
        {
            var (runner, decision) = SessionFactory.Open(model, name, options, instead);
            return (new IdleRunner(runner.Session), decision);
        });
        await using var queue = new BatchQueue(session, TimeSpan.Zero);
        using var lease = new EncoderLease(session, queue, () => { });
        var places = new List<(int Column, int Row)>();
        var (embeddings, count) = await TileBag.Encode(lease, Same(session, tiles), interactive: false, Stop, places);
        Assert.Equal(tiles, count);
        Assert.Equal(tiles, places.Count);
        Assert.Equal(tiles * session.Card.Output.Embedding, embeddings.Length);
    }

    [Fact]
    public async Task Tile_OfAnotherSize_IsRefused()
    {
        using var session = Encoders.Open("tile-synthetic");
        await using var queue = new BatchQueue(session, TimeSpan.Zero);
        using var lease = new EncoderLease(session, queue, () => { });
        var tile = new SlideTile { Size = 32, Rgb = ByteString.CopyFrom(new byte[32 * 32 * 3]) };
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => TileBag.Encode(lease, new[] { tile }.ToAsyncEnumerable(), interactive: false, Stop));
        Assert.Equal("wrong-tile-size", refusal.Code);
    }

    private static async IAsyncEnumerable<SlideTile> Same(EncoderSession session, int count)
    {
        var pixels = ByteString.CopyFrom(GoldenInput.Tiles(session.Card.Input, 1, 1));
        for (var n = 0; n < count; n++) { yield return new SlideTile { Index = n, Column = n % 500, Row = n / 500, Size = session.Card.Input.Size, Rgb = pixels }; }
        await Task.CompletedTask;
    }

    /// <summary>Proves itself, then computes nothing: what is tested is the way of the tiles.</summary>
    private sealed class IdleRunner(InferenceSession session) : SessionRunner(session)
    {
        private bool _proven;

        public override void Run(BatchBuffers buffers, bool withMaps)
        {
            if (_proven) { return; }
            base.Run(buffers, withMaps);
            _proven = true;
        }
    }
}
