using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Imaging.Slides;
using Xunit;

namespace BoneMet.UnitTests.Imaging;

public sealed class SlideTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Readable() => ["wsi/libvips/CMU-1-Small-Region.svs", "wsi/openslide-python/small.svs", "wsi/openslide-python/boxes.tiff"];

    [Theory]
    [MemberData(nameof(Readable))]
    public void Open_RealSlide_HasTheReferenceGeometry(string file)
    {
        var expected = Expected(file);
        using var slide = Slide.Open(TestData.Require(file));
        Assert.Equal(expected.GetProperty("level_dimensions").EnumerateArray().Select(d => (d[0].GetInt32(), d[1].GetInt32())), slide.Levels.Select(l => (l.Width, l.Height)));
        var downsamples = expected.GetProperty("level_downsamples").EnumerateArray().Select(d => d.GetDouble()).ToArray();
        for (var level = 0; level < downsamples.Length; level++) { Assert.Equal(downsamples[level], slide.Levels[level].Downsample, 1e-9); }
        var stated = expected.GetProperty("mpp_x").GetString();
        Assert.Equal(stated is null ? null : double.Parse(stated), slide.MicronsPerPixel);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void ReadRegion_RealSlide_HasTheReferencePixels(string file)
    {
        using var slide = Slide.Open(TestData.Require(file));
        foreach (var region in Expected(file).GetProperty("regions").EnumerateArray())
        {
            int Number(string name) => region.GetProperty(name).GetInt32();
            // OpenSlide blends neighbouring pixels where a level's downsample is not whole; there the decoded image below is the reference
            if (Math.Abs(slide.Levels[Number("level")].Downsample % 1) > 1e-9) { continue; }
            var rgb = slide.ReadRegion(Number("level"), Number("x"), Number("y"), Number("w"), Number("h"));
            // JPEG decoders may differ in the last bit; their means may not
            var mean = region.GetProperty("mean_rgb").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            for (var channel = 0; channel < 3; channel++)
            {
                Assert.Equal(mean[channel], Enumerable.Range(0, rgb.Length / 3).Average(n => (double)rgb[(3 * n) + channel]), 0.25);
            }
        }
    }

    [Fact]
    public void ReadRegion_LosslessPyramid_IsTheReferenceToTheByte()
    {
        const string File = "wsi/openslide-python/boxes.tiff";
        using var slide = Slide.Open(TestData.Require(File));
        var images = Expected(File).GetProperty("ifds").EnumerateArray().ToArray();
        Assert.Equal(4, images.Length);
        for (var level = 0; level < images.Length; level++)
        {
            var rgb = slide.ReadRegion(level, 0, 0, slide.Levels[level].Width, slide.Levels[level].Height);
            Assert.Equal(images[level].GetProperty("pixels_rgb_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(rgb)));
        }
    }

    [Fact]
    public void Open_UnknownCompression_SaysSo()
    {
        var refused = Assert.Throws<SlideException>(() => Slide.Open(TestData.Require("wsi/openslide-python/unopenable.tiff")));
        Assert.Equal(SlideException.Unsupported, refused.Code);
        Assert.Contains("52479", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRegion_BeyondTheEdge_IsWhite()
    {
        using var slide = Slide.Open(TestData.Require("wsi/openslide-python/boxes.tiff"));
        var rgb = slide.ReadRegion(0, -10, -10, 20, 20);
        Assert.All(rgb[..60], value => Assert.Equal(255, value));
        Assert.Equal(slide.ReadRegion(0, 0, 0, 10, 10), Enumerable.Range(10, 10).SelectMany(row => rgb.AsSpan(((row * 20) + 10) * 3, 30).ToArray()));
    }

    [Fact]
    public void TilePlan_OfARealSlide_DeliversWhatItCounts()
    {
        using var slide = Slide.Open(TestData.Require("wsi/libvips/CMU-1-Small-Region.svs"));
        var resolution = slide.MicronsPerPixel!.Value;
        var tissue = TissueMap.Find(slide, resolution, Stop);
        Assert.InRange(tissue.TissueFraction, 0.2, 0.99);
        var plan = TilePlan.Make(slide, resolution, tissue, 256, 0.5);
        Assert.InRange(plan.Tiles.Count, 20, 9 * 12);
        Assert.Equal(Enumerable.Range(0, plan.Tiles.Count), plan.Tiles.Select(tile => tile.Index));
        Assert.Equal(plan.Tiles, TilePlan.Make(slide, resolution, TissueMap.Find(slide, resolution, Stop), 256, 0.5).Tiles);
        foreach (var tile in plan.Sample(5)) { Assert.Equal(256 * 256 * 3, plan.Read(slide, tile).Length); }

        // half the resolution: about a quarter of the tiles, and the same picture
        var coarse = TilePlan.Make(slide, resolution, tissue, 128, 1);
        Assert.Equal(plan.Tiles.Select(tile => (tile.Column, tile.Row)), coarse.Tiles.Select(tile => (tile.Column, tile.Row)));
        var (fine, small) = (plan.Read(slide, plan.Tiles[7]), coarse.Read(slide, coarse.Tiles[7]));
        Assert.Equal(fine.Average(value => (double)value), small.Average(value => (double)value), 1.0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Sample_OfThePlan_IsEvenAndOrdered(int limit)
    {
        using var slide = Slide.Open(TestData.Require("wsi/libvips/CMU-1-Small-Region.svs"));
        var plan = TilePlan.Make(slide, 0.499, TissueMap.Find(slide, 0.499, Stop), 64, 0);
        var sample = plan.Sample(limit);
        Assert.Equal(Math.Min(limit, plan.Tiles.Count), sample.Count);
        Assert.Equal(Enumerable.Range(0, sample.Count), sample.Select(tile => tile.Index));
        var places = sample.Select(tile => (tile.Row * 100_000) + tile.Column).ToArray();
        Assert.Equal(places.Distinct().Order(), places);
        Assert.Equal(sample, plan.Sample(limit));
    }

    [Fact]
    public void DeepZoom_OfARealSlide_CoversItLevelByLevel()
    {
        using var slide = Slide.Open(TestData.Require("wsi/libvips/CMU-1-Small-Region.svs"));
        Assert.Equal(13, DeepZoom.Levels(slide));
        Assert.Contains("Width=\"2220\" Height=\"2967\"", DeepZoom.Descriptor(slide), StringComparison.Ordinal);
        Assert.NotNull(DeepZoom.Tile(slide, null, 0, 0, 0, Stop));
        Assert.NotNull(DeepZoom.Tile(slide, TissueMap.Find(slide, 0.499, Stop), 9, 0, 1, Stop));
        Assert.NotNull(DeepZoom.Tile(slide, null, 12, 8, 11, Stop));
        Assert.Null(DeepZoom.Tile(slide, null, 12, 9, 0, Stop));
        Assert.Null(DeepZoom.Tile(slide, null, 13, 0, 0, Stop));
        Assert.Null(DeepZoom.Tile(slide, null, 12, -1, 0, Stop));
        var edge = NetVips.Image.NewFromBuffer(DeepZoom.Tile(slide, null, 12, 8, 11, Stop)!);
        Assert.Equal((2220 - (8 * 256), 2967 - (11 * 256)), (edge.Width, edge.Height));
    }

    [Fact]
    public void Otsu_OfTwoPeaks_LiesBetweenThem()
    {
        byte[] values = [.. Enumerable.Repeat((byte)20, 500), .. Enumerable.Repeat((byte)22, 100), .. Enumerable.Repeat((byte)180, 300)];
        Assert.InRange(TissueMap.Otsu(values), 22, 179);
        Assert.Equal(7, TissueMap.Otsu([7, 7, 7]));
    }

    private static JsonElement Expected(string file) => JsonDocument.Parse(File.ReadAllBytes(TestData.Require("wsi_expected.json"))).RootElement.GetProperty(file);
}
