using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Drift;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class DriftTests(FeatureHost host) : IClassFixture<FeatureHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Index_KnownShares_IsTheSumByHand()
    {
        // 0.15 ln 1.6 + 0.05 ln 1.2 − 0.05 ln 0.8 − 0.15 ln 0.4
        Assert.Equal(0.2282174, PopulationStability.Index([0.25, 0.25, 0.25, 0.25], [40, 30, 20, 10]), 6);
        Assert.Equal(0, PopulationStability.Index([0.25, 0.75], [25, 75]), 12);
        Assert.True(double.IsFinite(PopulationStability.Index([0.5, 0.5], [0, 10])));
    }

    [Fact]
    public void Bins_OfValues_HoldEqualShares()
    {
        double[] values = [.. Enumerable.Range(1, 100).Select(n => (double)n)];
        var edges = PopulationStability.Edges(values, 5);
        Assert.Equal([21, 41, 61, 81], edges);
        Assert.Equal([20, 20, 20, 20, 20], PopulationStability.Count(edges, values));
        Assert.Empty(PopulationStability.Edges(Enumerable.Repeat(3.0, 10), 5).Skip(1));
    }

    [Fact]
    public void Shift_OfTheMean_IsInStandardDeviations()
    {
        // Standard deviation 1 in the first direction and 2 in the second; the third does not vary.
        float[][] reference = [.. Enumerable.Range(0, 101).Select(n => (float)(n % 2 == 0 ? 1 : -1)).Select(sign => new[] { sign, 2 * sign, 7f })];
        float[][] moved = [.. reference.Select(embedding => new[] { embedding[0] + 1, embedding[1] + 2, 7f })];
        Assert.Equal(0, EmbeddingShift.FromCases(reference, reference), 12);
        Assert.InRange(EmbeddingShift.FromCases(reference, moved), 0.99, 1.01);
        var guard = new RangeGuard(new GuardDocument(Base64(0, 0), Base64(1, 0, 0, 0.25f), 9), 2);
        Assert.Equal(3, EmbeddingShift.FromTraining(guard, [[3, 6], [3, 6]]), 6);
    }

    [Fact]
    public void Record_OfStableCases_StaysLowAndOfChangedOnesRises()
    {
        var record = new DriftRecord { Id = "r", EncoderId = "e", EncoderVersion = "1", Site = "site-1" };
        var random = new Random(4);
        for (var n = 0; n < DriftRecord.ReferenceCases + DriftRecord.FewestCases - 1; n++) { record = record.With(Case(random, 0), null, null); }
        Assert.Null(record.Stability);
        for (var n = 0; n < DriftRecord.Window; n++) { record = record.With(Case(random, 0), null, null); }
        Assert.Equal(DriftReading.FirstCases, record.Stability!.Reference);
        Assert.InRange(record.Stability.Value, 0, 0.25);
        Assert.InRange(record.Shift!.Value, 0, 0.4);
        for (var n = 0; n < DriftRecord.Window; n++) { record = record.With(Case(random, 1.5), null, null); }
        Assert.InRange(record.Stability!.Value, 0.5, 20);
        Assert.InRange(record.Shift!.Value, 1, 2);
        Assert.Equal((DriftRecord.ReferenceCases, DriftRecord.Window), (record.First.Count, record.Latest.Count));
    }

    [Fact]
    public void Record_WithTheCardsReference_IsJudgedFromTheThirtiethCase()
    {
        var reference = new EncoderReference { Edges = [-0.5, 0.5], Shares = [0.3, 0.4, 0.3] };
        Assert.Empty(reference.Faults());
        Assert.Equal(2, (reference with { Edges = [1, 0], Shares = [1] }).Faults().Count());
        var record = new DriftRecord { Id = "r", EncoderId = "e", EncoderVersion = "1", Site = "site-1" };
        var random = new Random(5);
        for (var n = 0; n < DriftRecord.FewestCases; n++)
        {
            Assert.Null(record.Stability);
            record = record.With(Case(random, 0), reference, null);
        }
        Assert.Equal(DriftReading.Training, record.Stability!.Reference);
        Assert.Null(record.Shift);
    }

    [Fact]
    public async Task Label_OfACase_IsCountedOnceForItsSiteUnderAPseudonym()
    {
        var slide = new SlideTiled { CaseId = "drift-a", InputHash = "hash-4", SlideId = "tiles-4", TissueTiles = 4, TileSize = 256, MicronsPerPixel = 0.5, At = DateTimeOffset.UnixEpoch };
        await host.Say(slide);
        var label = await host.Heard.Next<PathologyLabelled>("drift-a");
        await host.Say(slide);
        await host.Heard.Next<PathologyLabelled>("drift-a");
        await host.Say(slide with { CaseId = "drift-b" });
        await host.Heard.Next<PathologyLabelled>("drift-b");
        var records = host.Services.GetRequiredService<IDocumentCollection<DriftRecord>>();
        var site = SitePseudonym.Of("A");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        DriftRecord? record;
        while ((record = await records.Find($"{label.Label.EncoderSha256[..32]}-{site}", patience.Token)) is not { Seen: >= 2 }) { await Task.Delay(100, patience.Token); }
        Assert.Equal(2, record.Seen);
        Assert.Equal(label.Label.Logit, record.First[0].Logit);
        Assert.Equal("tile-untrained", record.EncoderId);
    }

    private static DriftCase Case(Random random, double shift) =>
        DriftCase.Of(Normal(random) + shift, [.. Enumerable.Range(0, 16).Select(_ => (float)(Normal(random) + shift))]);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static string Base64(params float[] values) => Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
}
