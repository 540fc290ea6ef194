using System.Text.Json.Nodes;
using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.LabelSlide;
using BoneMet.FunctionalTests.Support;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using BoneMet.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class TileCacheTests(FeatureHost host) : IClassFixture<FeatureHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slide_OfASecondCase_IsLabelledToTheLastBitWithoutATileBeingRead()
    {
        await host.Say(Slide("cache-a", 7));
        var first = await host.Heard.Next<PathologyLabelled>("cache-a");
        var streams = host.Slides.Streams;
        await host.Say(Slide("cache-b", 7));
        var second = await host.Heard.Next<PathologyLabelled>("cache-b");
        Assert.Equal(streams, host.Slides.Streams);
        Assert.Equal(first.Label, second.Label);
        Assert.Equal(first.Embedding, second.Embedding);
    }

    [Fact]
    public async Task Encoder_WithANewHead_LabelsTheSlideWithoutATileBeingRead()
    {
        var (folder, former) = (Encoders.Copy(Encoders.Tile), Encoders.Copy(Encoders.Tile));
        Encoders.Rehead(folder, heads =>
        {
            var document = JsonNode.Parse(heads)!;
            document[0]!["bias"] = (float)document[0]!["bias"]! + (float)document[0]!["temperature"]!;
            return document.ToJsonString();
        });
        await using var old = Pool(Encoders.LoadSigned(former));
        await using var renewed = Pool(Encoders.LoadSigned(folder));
        var before = await Labeller(old).Label(Encoders.Tile, Slide("any", 5), "prostate", Stop);
        var streams = host.Slides.Streams;
        var after = await Labeller(renewed).Label(Encoders.Tile, Slide("other", 5), "prostate", Stop);
        Assert.Equal(streams, host.Slides.Streams);
        Assert.NotEqual(before.Value.EncoderSha256, after.Value.EncoderSha256);
        Assert.Equal(before.Bag.Pooled, after.Bag.Pooled);
        Assert.Equal(before.Value.Logit + 1, after.Value.Logit, 5);
        Directory.Delete(folder, true);
        Directory.Delete(former, true);
    }

    [Fact]
    public void Encoder_WithAnotherGraph_HasEmbeddingsOfItsOwn()
    {
        using var tile = Encoders.Open(Encoders.Tile);
        using var synthetic = Encoders.Open("tile-synthetic");
        Assert.NotEqual(tile.GraphSha256, synthetic.GraphSha256);
        Assert.Equal(4, new HashSet<string>
        {
            CachedTiles.Key(Slide("a", 5), tile, scaled: true, limit: 256),
            CachedTiles.Key(Slide("b", 5), synthetic, scaled: true, limit: 256),
            CachedTiles.Key(Slide("c", 5), tile, scaled: false, limit: 256),
            CachedTiles.Key(Slide("d", 5), tile, scaled: true, limit: 128),
            CachedTiles.Key(Slide("e", 5), tile, scaled: true, limit: 256),
        }.Count);
    }

    [Fact]
    public async Task Entry_Damaged_IsComputedAgain()
    {
        await host.Say(Slide("cache-c", 9));
        var first = await host.Heard.Next<PathologyLabelled>("cache-c");
        using (var session = Encoders.Open(Encoders.Tile))
        {
            var entry = await host.Services.GetRequiredService<IDocumentCollection<CachedTiles>>().Find(CachedTiles.Key(Slide("cache-c", 9), session, scaled: true, limit: 256), Stop);
            var path = await host.Services.GetRequiredService<IBlobStore>().LocalPath(entry!.Blob, Stop);
            var bytes = await File.ReadAllBytesAsync(path!, Stop);
            bytes[^1] ^= 1;
            await File.WriteAllBytesAsync(path!, bytes, Stop);
        }
        var streams = host.Slides.Streams;
        await host.Say(Slide("cache-d", 9));
        Assert.Equal(first.Label, (await host.Heard.Next<PathologyLabelled>("cache-d")).Label);
        Assert.Equal(streams + 1, host.Slides.Streams);
    }

    [Fact]
    public async Task Cache_BeyondItsSizeOrAge_ForgetsWhatWasUsedLongestAgo()
    {
        using var folder = new TemporaryFolder();
        await using var documents = new SqliteDocumentStore(folder.Of("documents.db"));
        await using var blobs = new FolderBlobStore(folder.Of("blobs"));
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        var cache = new TileCache(documents.Collection<CachedTiles>(), blobs, Options.Create(new InferenceOptions { TileCacheMiB = 1, TileCacheDays = 30 }), clock);
        // Half a MiB and a little each: one fits.
        var tiles = new EncodedTiles(new float[1024 * 128], [.. Enumerable.Range(0, 1024).Select(n => (n, n))], "CPU");
        var keys = "abc".Select(letter => new string(letter, 64)).ToArray();
        foreach (var key in keys)
        {
            await cache.Put(key, tiles, Stop);
            clock.Advance(TimeSpan.FromHours(2));
        }
        Assert.NotNull(await cache.Find(keys[0], 128, Stop));
        Assert.Equal(2, await cache.Sweep(Stop));
        Assert.Equal(tiles.Places, (await cache.Find(keys[0], 128, Stop))!.Places);
        Assert.Null(await cache.Find(keys[1], 128, Stop));
        Assert.Null(await cache.Find(keys[2], 128, Stop));
        Assert.Single(Blobs(folder));
        clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, await cache.Sweep(Stop));
        Assert.Empty(Blobs(folder));
    }

    [Fact]
    public async Task Cache_SwitchedOff_KeepsNothing()
    {
        using var folder = new TemporaryFolder();
        await using var documents = new SqliteDocumentStore(folder.Of("documents.db"));
        await using var blobs = new FolderBlobStore(folder.Of("blobs"));
        var cache = new TileCache(documents.Collection<CachedTiles>(), blobs, Options.Create(new InferenceOptions { TileCacheMiB = 0 }), TimeProvider.System);
        var key = new string('a', 64);
        await cache.Put(key, new EncodedTiles(new float[128], [(0, 0)], "CPU"), Stop);
        Assert.Null(await cache.Find(key, 128, Stop));
        Assert.Empty(Blobs(folder));
    }

    private static IEnumerable<string> Blobs(TemporaryFolder folder) => Directory.EnumerateFiles(folder.Of("blobs"), "*", SearchOption.AllDirectories);

    private static EncoderPool Pool(FeatureExtraction.Catalogue.EncoderCatalogue catalogue) => new(catalogue, Options.Create(Encoders.Options()), TimeProvider.System);

    private SlideLabeller Labeller(EncoderPool pool) =>
        new(pool, host.Services.GetRequiredService<SlideTiles>(), host.Services.GetRequiredService<TileCache>(), Options.Create(Encoders.Options()));

    private static SlideTiled Slide(string caseId, int tiles) => new()
    {
        CaseId = caseId,
        InputHash = $"hash-{tiles}",
        SlideId = $"tiles-{tiles}",
        TissueTiles = tiles,
        TileSize = 256,
        MicronsPerPixel = 0.5,
        At = DateTimeOffset.UnixEpoch,
    };
}
