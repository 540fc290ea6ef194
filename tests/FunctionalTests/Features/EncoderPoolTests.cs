using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class EncoderPoolTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Budget_Exceeded_UnloadsTheOneUnusedForLongest()
    {
        await using var pool = Pool(3);
        await Use(pool, "tile-synthetic");
        await Use(pool, "lesion-synthetic");
        await Use(pool, "tile-synthetic");
        Assert.Equal(["lesion-synthetic", "tile-synthetic"], Loaded(pool));
        await Use(pool, Encoders.Tile);
        Assert.Equal(["tile-synthetic", Encoders.Tile], Loaded(pool));
    }

    [Fact]
    public async Task Encoder_InUse_IsNeverUnloaded()
    {
        await using var pool = Pool(1);
        var held = await pool.Rent("lesion-synthetic", Stop);
        using var other = await pool.Rent(Encoders.Tile, Stop);
        Assert.Equal(0, await pool.UnloadIdle(Stop));
        Assert.Equal(["lesion-synthetic", Encoders.Tile], Loaded(pool));
        held.Session.Encode<float>(GoldenInput.Volume(held.Session.Card.Input, 1, 1), 1, new float[128]);
        held.Dispose();
        Assert.Equal(1, await pool.UnloadIdle(Stop));
        Assert.Equal([Encoders.Tile], Loaded(pool));
    }

    [Fact]
    public async Task Encoder_Unloaded_ProvesItselfAgainWhenItComesBack()
    {
        var batches = 0;
        await using var pool = Pool(1, WatchedRunner.Opener(_ => batches++));
        await Use(pool, "tile-synthetic");
        var proof = batches;
        Assert.InRange(proof, 1, int.MaxValue);
        await Use(pool, "tile-synthetic");
        Assert.Equal(proof, batches);
        await Use(pool, Encoders.Tile);
        Assert.Equal([Encoders.Tile], Loaded(pool));
        var before = batches;
        await Use(pool, "tile-synthetic");
        Assert.Equal(before + proof, batches);
    }

    [Fact]
    public async Task Encoder_AlteredWhileItWasUnloaded_DoesNotComeBack()
    {
        var folder = Encoders.Copy(Encoders.Tile);
        await using var pool = new EncoderPool(Encoders.LoadSigned(folder), Options.Create(new InferenceOptions { Threads = 1, IdleSeconds = 60 }), _clock);
        await Use(pool, Encoders.Tile);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await pool.UnloadIdle(Stop));
        var path = Path.Combine(folder, "tile-untrained.onnx");
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);
        Assert.Equal("encoder-altered", (await Assert.ThrowsAsync<UnusableEncoderException>(() => pool.Rent(Encoders.Tile, Stop))).Code);
        Assert.Equal(HealthStatus.Degraded, (await new EncoderCheck(pool).CheckHealthAsync(new(), Stop)).Status);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task Callers_OfManyEncodersAtOnce_AllGetThem()
    {
        await using var pool = Pool(1);
        string[] ids = [Encoders.Tile, "tile-synthetic", "lesion-synthetic"];
        await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Task.Run(() => Use(pool, ids[n % 3]), Stop)));
        Assert.All(pool.Status().Where(status => ids.Contains(status.Card.Id)), status => Assert.True(status.Proven));
    }

    [Fact]
    public async Task Provider_VanishingMidBatch_IsToldByHealthResultAndMetric()
    {
        var fallbacks = 0L;
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "bonemet.inference.fallbacks") { self.EnableMeasurementEvents(instrument); }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new("encoder.id", "lesion-untrained")) && tags.ToArray().Contains(new("when", "batch"))) { Interlocked.Add(ref fallbacks, value); }
        });
        listener.Start();
        await using var pool = Pool(64, (model, name, options, instead) =>
        {
            var (runner, decision) = SessionFactory.Open(model, name, options, instead);
            return (new VanishingRunner(runner.Session, 2), decision with { Provider = "CUDA" });
        });
        using var lease = await pool.Rent(Encoders.Lesion, Stop);
        var cube = GoldenInput.Volume(lease.Session.Card.Input, 1, 4);
        var embedding = new float[128];
        for (var n = 0; n < 3; n++) { await lease.Queue.Encode<float>(cube, 1, embedding, interactive: true, Stop); }
        Assert.Equal("CPU", LabelMaker.Make(lease.Session, "prostate", embedding, 1, null).Value.Provider);
        using var sound = Encoders.Open(Encoders.Lesion);
        var expected = new float[128];
        sound.Encode<float>(cube, 1, expected);
        Assert.Equal(expected, embedding);
        var health = await new EncoderCheck(pool).CheckHealthAsync(new(), Stop);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("CUDA failed in the middle", (string)health.Data[Encoders.Lesion], StringComparison.Ordinal);
        Assert.Contains("loaded", (string)health.Data[Encoders.Lesion], StringComparison.Ordinal);
        Assert.InRange(Interlocked.Read(ref fallbacks), 1, long.MaxValue);
    }

    private EncoderPool Pool(int mebibytes, SessionOpener? opener = null) =>
        new(EncoderCatalogue.Load([Encoders.Folder], CardTrust.ShippedOnly), Options.Create(new InferenceOptions { Threads = 1, MemoryMiB = mebibytes }), _clock, opener);

    private async Task Use(EncoderPool pool, string id)
    {
        using (await pool.Rent(id, Stop)) { _clock.Advance(TimeSpan.FromSeconds(1)); }
    }

    private static IEnumerable<string> Loaded(EncoderPool pool) => pool.Status().Where(status => status.Loaded).Select(status => status.Card.Id);
}
