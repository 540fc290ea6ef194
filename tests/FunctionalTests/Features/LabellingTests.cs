using BoneMet.Cli.Training;
using BoneMet.Contracts.Events;
using BoneMet.Contracts.V1;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.Imaging.Synthetic;
using BoneMet.Imaging.Volumes;
using BoneMet.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class LabellingTests(FeatureHost host) : IClassFixture<FeatureHost>
{
    [Fact]
    public async Task Volume_WithMask_IsLabelledOnceAndSaidEachTime()
    {
        var (volume, mask) = FeatureHost.Ball();
        var stored = FeatureHost.Stored("case-a", await host.Put(s => NrrdFile.Write(s, volume)), await host.Put(s => NrrdFile.Write(s, mask)));
        await host.Say(stored);
        var first = await host.Heard.Next<ImagingLabelled>("case-a");
        await host.Say(stored);
        var second = await host.Heard.Next<ImagingLabelled>("case-a");

        Assert.Equal(first with { Features = [], Pictures = second.Pictures }, second with { Features = [] });
        Assert.Equal("hash-1", first.InputHash);
        Assert.False(first.Label.Trained);
        Assert.Equal("CPU", first.Label.Provider);
        Assert.Equal(1, first.Label.Items);
        Assert.Null(first.Label.Withheld);
        Assert.Equal(mask.VolumeMm3, Assert.Single(first.Features, feature => feature.Code == "YEKZ").Value);
        Assert.True(await host.Services.GetRequiredService<IBlobStore>().Verify(first.Embedding!, TestContext.Current.CancellationToken));
        var documents = await host.Services.GetRequiredService<IDocumentCollection<LabelRecord>>().Query(new Dictionary<string, string> { [LabelRecord.Case] = "case-a" }, cancellation: TestContext.Current.CancellationToken);
        Assert.Single(documents.Items);
    }

    [Fact]
    public async Task Volume_WithSeedAtTheMasksCentroid_HasTheSameLabel()
    {
        var (volume, mask) = FeatureHost.Ball();
        var blob = await host.Put(s => NrrdFile.Write(s, volume));
        await host.Say(FeatureHost.Stored("case-seed", blob, await host.Put(s => NrrdFile.Write(s, mask))));
        var masked = await host.Heard.Next<ImagingLabelled>("case-seed");
        var centroid = mask.Centroid()!.Value;
        await host.Say(FeatureHost.Stored("case-seed", blob, null, inputHash: "hash-2") with { Seed = [centroid.X, centroid.Y, centroid.Z] });
        var seeded = await host.Heard.Next<ImagingLabelled>("case-seed");
        Assert.Equal(masked.Label.Logit, seeded.Label.Logit);
    }

    [Fact]
    public async Task GeneratedPatient_OfTheDemonstrationType_HasASyntheticLabelWithItsExplanation()
    {
        var patient = SyntheticPatient.Draw(17, 3);
        var (volume, mask) = DatasetWriter.Scan(patient, new SyntheticLesion(patient.Seed, patient.Lesion, new(0, 0, 0)));
        await host.Say(FeatureHost.Stored("synthetic-a", await host.Put(s => NrrdFile.Write(s, volume)), await host.Put(s => NrrdFile.Write(s, mask))));
        var labelled = await host.Heard.Next<ImagingLabelled>("synthetic-a");
        Assert.True(labelled.Label is { Trained: true, Synthetic: true, Withheld: null, StandardError: > 0 and < 2, EncoderId: "lesion-synthetic" });
        Assert.Equal(["activation-map", "occlusion-map"], labelled.Pictures.Keys.Order());
        Assert.Contains(labelled.Features, feature => feature.Name.Contains("sphericity", StringComparison.Ordinal));
        var picture = await host.Services.GetRequiredService<IBlobStore>().Open(labelled.Pictures["occlusion-map"], TestContext.Current.CancellationToken);
        Assert.Equal(0x89, picture!.ReadByte());

        await host.Say(Slide("synthetic-b", "tiles-20", 20));
        var noise = await host.Heard.Next<PathologyLabelled>("synthetic-b");
        Assert.Contains("outside the range", noise.Label.Withheld, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volume_WithoutRegion_IsABagOfCubes()
    {
        var (volume, _) = FeatureHost.Ball();
        await host.Say(FeatureHost.Stored("case-bag", await host.Put(s => NrrdFile.Write(s, volume)), null));
        var labelled = await host.Heard.Next<ImagingLabelled>("case-bag");
        Assert.Equal(8, labelled.Label.Items);
    }

    [Fact]
    public async Task Volume_OfAnotherModality_IsLabelledButWithheld()
    {
        var (volume, mask) = FeatureHost.Ball();
        await host.Say(FeatureHost.Stored("case-mr", await host.Put(s => NrrdFile.Write(s, volume)), await host.Put(s => NrrdFile.Write(s, mask)), "MR"));
        Assert.Contains("MR", (await host.Heard.Next<ImagingLabelled>("case-mr")).Label.Withheld, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volume_NotANrrdFile_FailsTheStrand()
    {
        await host.Say(FeatureHost.Stored("case-text", await host.Put(s => s.Write("no volume"u8)), null));
        Assert.Equal("volume-unreadable", (await host.Heard.Next<StrandFailed>("case-text")).Code);
    }

    [Fact]
    public async Task Volume_NotInTheStore_FailsTheStrand()
    {
        await host.Say(FeatureHost.Stored("case-lost", new string('0', 64), null));
        Assert.Equal("volume-missing", (await host.Heard.Next<StrandFailed>("case-lost")).Code);
    }

    [Fact]
    public async Task Volume_HoldingNaN_FailsTheStrand()
    {
        var (volume, mask) = FeatureHost.Ball();
        var voxels = volume.ToFloats().Floats.ToArray();
        var centroid = volume.Grid.ToIndex(mask.Centroid()!.Value);
        voxels[volume.Grid.Offset((int)centroid.X, (int)centroid.Y, (int)centroid.Z)] = float.NaN;
        await host.Say(FeatureHost.Stored("case-nan", await host.Put(s => NrrdFile.Write(s, new Volume(volume.Grid, voxels))), await host.Put(s => NrrdFile.Write(s, mask))));
        Assert.Equal("not-finite-input", (await host.Heard.Next<StrandFailed>("case-nan")).Code);
    }

    [Fact]
    public async Task Mask_WithoutAVoxel_FailsTheStrand()
    {
        var (volume, _) = FeatureHost.Ball();
        var empty = new Mask(volume.Grid, new byte[volume.Grid.Count]);
        await host.Say(FeatureHost.Stored("case-empty", await host.Put(s => NrrdFile.Write(s, volume)), await host.Put(s => NrrdFile.Write(s, empty))));
        Assert.Equal("empty-lesion-mask", (await host.Heard.Next<StrandFailed>("case-empty")).Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(300)]
    public async Task Slide_WithTiles_IsLabelled(int tiles)
    {
        var caseId = $"case-slide-{tiles}";
        await host.Say(Slide(caseId, $"tiles-{tiles}", tiles));
        var labelled = await host.Heard.Next<PathologyLabelled>(caseId);
        Assert.Equal(Math.Min(tiles, 256), labelled.Label.Items);
        Assert.Equal("tile-untrained", labelled.Label.EncoderId);
        Assert.True(double.IsFinite(labelled.Label.Logit));
    }

    [Fact]
    public async Task Slide_SaidTwice_IsReadOnce()
    {
        await host.Say(Slide("case-twice", "tiles-3", 3));
        var first = await host.Heard.Next<PathologyLabelled>("case-twice");
        var streams = host.Slides.Streams;
        await host.Say(Slide("case-twice", "tiles-3", 3));
        var second = await host.Heard.Next<PathologyLabelled>("case-twice");
        Assert.Equal(first.Label, second.Label);
        Assert.Equal(streams, host.Slides.Streams);
    }

    [Theory]
    [InlineData("tiles-0", 0, "slide-without-tissue")]
    [InlineData("tiles-0", 5, "slide-without-tissue")]
    [InlineData("gone", 5, "slide-missing")]
    public async Task Slide_Unusable_FailsTheStrand(string slide, int tiles, string code)
    {
        var caseId = $"case-{slide}-{tiles}";
        await host.Say(Slide(caseId, slide, tiles));
        Assert.Equal(code, (await host.Heard.Next<StrandFailed>(caseId)).Code);
    }

    [Fact]
    public async Task Case_Resumed_HearsItsLabelsAgain()
    {
        await host.Say(Slide("case-again", "tiles-2", 2));
        var first = await host.Heard.Next<PathologyLabelled>("case-again");
        await host.Say(new CaseResumed { CaseId = "case-again", At = DateTimeOffset.UnixEpoch });
        Assert.Equal(first.Label, (await host.Heard.Next<PathologyLabelled>("case-again")).Label);
    }

    [Fact]
    public async Task Grpc_VolumeAndTiles_AnswerAsTheBusDoes()
    {
        var (volume, mask) = FeatureHost.Ball();
        var (volumeBlob, maskBlob) = (await host.Put(s => NrrdFile.Write(s, volume)), await host.Put(s => NrrdFile.Write(s, mask)));
        await host.Say(FeatureHost.Stored("case-grpc", volumeBlob, maskBlob));
        var bus = await host.Heard.Next<ImagingLabelled>("case-grpc");
        var client = host.Client();
        var reply = await client.ExtractVolumeAsync(new ExtractVolumeRequest { VolumeBlob = volumeBlob, MaskBlob = maskBlob, CancerType = "prostate" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(bus.Label.Logit, reply.LabelLogit);
        Assert.Equal(bus.Label.EncoderSha256, reply.EncoderSha256);

        await host.Say(Slide("case-grpc-slide", "tiles-2", 2));
        var slide = await host.Heard.Next<PathologyLabelled>("case-grpc-slide");
        using var call = client.ExtractTiles(cancellationToken: TestContext.Current.CancellationToken);
        for (var index = 0; index < 2; index++)
        {
            var pixels = new byte[256 * 256 * 3];
            new Random(index).NextBytes(pixels);
            await call.RequestStream.WriteAsync(new SlideTile { Index = index, Size = 256, Rgb = Google.Protobuf.ByteString.CopyFrom(pixels) }, TestContext.Current.CancellationToken);
        }
        await call.RequestStream.CompleteAsync();
        Assert.Equal(slide.Label.Logit, (await call).LabelLogit);
        Assert.Equal(4, (await client.ListAsync(new ListEncodersRequest(), cancellationToken: TestContext.Current.CancellationToken)).Encoders.Count);
    }

    private static SlideTiled Slide(string caseId, string slideId, int tiles) => new()
    {
        CaseId = caseId,
        InputHash = $"hash-{slideId}",
        SlideId = slideId,
        TissueTiles = tiles,
        TileSize = 256,
        MicronsPerPixel = 0.5,
        At = DateTimeOffset.UnixEpoch,
    };
}
