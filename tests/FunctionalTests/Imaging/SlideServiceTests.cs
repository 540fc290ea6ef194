using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using BoneMet.Cli.Demo;
using BoneMet.Contracts.Events;
using BoneMet.Contracts.V1;
using Grpc.Core;
using NetVips;
using Xunit;

namespace BoneMet.FunctionalTests.Imaging;

public sealed class SlideServiceTests(SlideHost host) : IClassFixture<SlideHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slide_Uploaded_IsTiledAndCanBeReadAndSeen()
    {
        var bytes = Synthetic(11);
        var slideId = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var response = await host.Post("case-good", bytes);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(slideId, (await SlideHost.Json(response)).GetProperty("slideId").GetString());
        var tiled = await host.Next<SlideTiled>("case-good");
        Assert.Equal((slideId, 256, 0.5), (tiled.SlideId, tiled.TileSize, Math.Round(tiled.MicronsPerPixel!.Value, 6)));
        Assert.InRange(tiled.TissueTiles, 5, 64);

        var described = await host.Grpc.DescribeAsync(new DescribeSlideRequest { SlideId = slideId }, cancellationToken: Stop);
        Assert.Equal((2048, 2048, tiled.TissueTiles), (described.Width, described.Height, described.TissueTiles));
        var all = await Read(new ReadTilesRequest { SlideId = slideId, TileSize = 256, MicronsPerPixel = 0.5 });
        Assert.Equal(tiled.TissueTiles, all.Count);
        Assert.All(all, tile => Assert.Equal((all.Count, 256 * 256 * 3, 256), (tile.Count, tile.Rgb.Length, tile.Size)));
        Assert.Equal(all, await Read(new ReadTilesRequest { SlideId = slideId, TileSize = 256, MicronsPerPixel = 0.5 }));
        var some = await Read(new ReadTilesRequest { SlideId = slideId, TileSize = 256, MicronsPerPixel = 0.5, Limit = 3 });
        Assert.Equal([0, 1, 2], some.Select(tile => tile.Index));
        Assert.All(some, tile => Assert.Contains(all, other => (other.X, other.Y, other.Rgb) == (tile.X, tile.Y, tile.Rgb)));

        var address = $"/api/v1/cases/case-good/slides/{slideId}";
        Assert.Contains("Width=\"2048\"", await host.Client.GetStringAsync(new Uri($"{address}.dzi", UriKind.Relative), Stop), StringComparison.Ordinal);
        using var top = Image.NewFromBuffer(await host.Client.GetByteArrayAsync(new Uri($"{address}_files/8/0_0.jpeg", UriKind.Relative), Stop));
        Assert.Equal((256, 256), (top.Width, top.Height));
        using var outside = await host.Client.GetAsync(new Uri($"{address}_files/8/1_0.jpeg", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
        var listed = await SlideHost.Json(await host.Client.GetAsync(new Uri("/api/v1/cases/case-good/slides", UriKind.Relative), Stop));
        Assert.Equal("tiled", Assert.Single(listed.EnumerateArray()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Slide_SentTwiceAndSaidTwice_IsOneSlideWithTheSameFact()
    {
        var bytes = Synthetic(12);
        var slideId = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-twice", bytes)).StatusCode);
        var first = await host.Next<SlideTiled>("case-twice");
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-twice", bytes)).StatusCode);
        await host.Say(new SlideReceived { CaseId = "case-twice", SlideId = slideId, At = DateTimeOffset.UnixEpoch });
        var second = await host.Next<SlideTiled>("case-twice");
        await host.Say(new CaseResumed { CaseId = "case-twice", At = DateTimeOffset.UnixEpoch });
        var third = await host.Next<SlideTiled>("case-twice");
        Assert.All([second, third], again => Assert.Equal(first with { At = default, Notes = [] }, again with { At = default, Notes = [] }));
        Assert.Equal(1, (await SlideHost.Json(await host.Client.GetAsync(new Uri("/api/v1/cases/case-twice/slides", UriKind.Relative), Stop))).GetArrayLength());
    }

    [Fact]
    public async Task Slide_WithoutResolution_IsRefusedAndTakenOnceItIsStated()
    {
        var bytes = Tiff(perMillimetre: 1);
        var refused = await host.Post("case-mpp", bytes);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var problem = await SlideHost.Json(refused);
        Assert.Equal("slide-without-resolution", problem.GetProperty("code").GetString());
        Assert.Contains("no magnification is ever assumed", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);

        Assert.Equal(HttpStatusCode.BadRequest, (await host.Post("case-mpp", bytes, "?mpp=40x")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-mpp", bytes, "?mpp=0.25")).StatusCode);
        Assert.Equal(0.25, (await host.Next<SlideTiled>("case-mpp")).MicronsPerPixel);
    }

    [Fact]
    public async Task Slide_InAForm_IsTakenWithItsResolution()
    {
        using var form = new MultipartFormDataContent { { new StringContent("0.5"), "mpp" }, { new ByteArrayContent(Tiff(perMillimetre: 1, seed: 9)), "slide", "a name that nobody keeps.tif" } };
        using var response = await host.Client.PostAsync(new Uri("/api/v1/cases/case-form/slides", UriKind.Relative), form, Stop);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(0.5, (await host.Next<SlideTiled>("case-form")).MicronsPerPixel);
    }

    [Fact]
    public async Task Slide_WithoutTissue_FailsTheStrandWithASentence()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-blank", Tiff(colour: false))).StatusCode);
        var failed = await host.Next<StrandFailed>("case-blank");
        Assert.Equal((Strand.Pathology, "slide-without-tissue"), (failed.Strand, failed.Code));
        Assert.Contains("no tissue was found", failed.Reason, StringComparison.Ordinal);
        await host.Say(new CaseResumed { CaseId = "case-blank", At = DateTimeOffset.UnixEpoch });
        Assert.Equal("slide-without-tissue", (await host.Next<StrandFailed>("case-blank")).Code);
    }

    [Fact]
    public async Task Upload_OfWhatIsNoSlide_IsRefusedAndNothingIsKept()
    {
        var before = Blobs();
        var text = await host.Post("case-text", "a letter, not a slide, though it is long enough to be read"u8.ToArray());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-a-slide"), (text.StatusCode, (await SlideHost.Json(text)).GetProperty("code").GetString()));
        var empty = await host.Post("case-text", []);
        Assert.Equal("not-a-slide", (await SlideHost.Json(empty)).GetProperty("code").GetString());
        using var noFile = await host.Client.PostAsync(new Uri("/api/v1/cases/case-text/slides", UriKind.Relative), new MultipartFormDataContent { { new StringContent("0.5"), "mpp" } }, Stop);
        Assert.Equal((HttpStatusCode.BadRequest, "no-slide"), (noFile.StatusCode, (await SlideHost.Json(noFile)).GetProperty("code").GetString()));
        Assert.Equal(before, Blobs());
        Assert.Equal(0, (await SlideHost.Json(await host.Client.GetAsync(new Uri("/api/v1/cases/case-text/slides", UriKind.Relative), Stop))).GetArrayLength());
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.3)]
    public async Task Upload_OfASlideThatIsCutOff_SaysSo(double part)
    {
        var bytes = Tiff(seed: 3);
        var caseId = $"case-cut-{part * 10}";
        var response = await host.Post(caseId, bytes[..(int)(bytes.Length * part)]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("slide-truncated", (await SlideHost.Json(response)).GetProperty("code").GetString());
        // the case stays usable
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post(caseId, bytes)).StatusCode);
        await host.Next<SlideTiled>(caseId);
    }

    [Fact]
    public async Task Form_ThatIsCutOff_LeavesNothing()
    {
        var before = Blobs();
        using var content = new ByteArrayContent([.. "--x\r\nContent-Disposition: form-data; name=\"slide\"; filename=\"s\"\r\n\r\n"u8, .. Tiff(seed: 4)]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var response = await host.Client.PostAsync(new Uri("/api/v1/cases/case-form-cut/slides", UriKind.Relative), content, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("upload-cut-off", (await SlideHost.Json(response)).GetProperty("code").GetString());
        Assert.Equal(before, Blobs());
    }

    [Fact]
    public async Task Slide_WithADamagedTile_FailsTheStrandNotTheProcess()
    {
        var bytes = Tiff(seed: 5, pyramid: false);
        bytes.AsSpan(2000, 8000).Fill(0x5A);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-damaged", bytes)).StatusCode);
        Assert.Equal("slide-damaged", (await host.Next<StrandFailed>("case-damaged")).Code);
    }

    [Fact]
    public async Task Upload_OfAQuarterGigabyte_IsNotHeldInMemory()
    {
        // a TIFF whose first directory is empty: stored whole, then refused
        using var content = new StreamContent(new LongStream([(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0], 256L << 20));
        var before = GC.GetTotalAllocatedBytes();
        using var response = await host.Client.PostAsync(new Uri("/api/v1/cases/case-long/slides", UriKind.Relative), content, Stop);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "slide-damaged"), (response.StatusCode, (await SlideHost.Json(response)).GetProperty("code").GetString()));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64L << 20);
    }

    [Fact]
    public async Task Case_OfAnotherSite_IsNotFound()
    {
        var bytes = Tiff(seed: 6);
        var slideId = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-mine", bytes)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Post("nobody's", bytes)).StatusCode);
        using var stranger = new HttpClient { BaseAddress = host.Client.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await host.Key("site-b"));
        foreach (var path in (string[])["", $"/{slideId}", $"/{slideId}.dzi", $"/{slideId}_files/0/0_0.jpeg"])
        {
            using var answer = await stranger.GetAsync(new Uri($"/api/v1/cases/case-mine/slides{path}", UriKind.Relative), Stop);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        stranger.DefaultRequestHeaders.Authorization = null;
        using var unknown = await stranger.GetAsync(new Uri("/api/v1/cases/case-mine/slides", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Theory]
    [InlineData(0, 0.5, 0)]
    [InlineData(5000, 0.5, 0)]
    [InlineData(256, 0.0001, 0)]
    [InlineData(256, double.NaN, 0)]
    [InlineData(256, 0.5, -1)]
    public async Task ReadTiles_ImpossibleRequest_IsInvalid(int size, double resolution, int limit)
    {
        var bytes = Tiff(seed: 8);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-request", bytes)).StatusCode);
        var failure = await Assert.ThrowsAsync<RpcException>(() => Read(new ReadTilesRequest { SlideId = Convert.ToHexStringLower(SHA256.HashData(bytes)), TileSize = size, MicronsPerPixel = resolution, Limit = limit }));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task ReadTiles_OfAnUnknownSlide_IsNotFound() =>
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => Read(new ReadTilesRequest { SlideId = new string('0', 64), TileSize = 256 }))).StatusCode);

    [Fact]
    public async Task RealSlide_FromAScanner_IsTiled()
    {
        var bytes = await File.ReadAllBytesAsync(TestData.Require("wsi/libvips/CMU-1-Small-Region.svs"), Stop);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("case-real", bytes)).StatusCode);
        var tiled = await host.Next<SlideTiled>("case-real");
        Assert.Equal(0.499, tiled.MicronsPerPixel);
        var tiles = await Read(new ReadTilesRequest { SlideId = tiled.SlideId, TileSize = 256, MicronsPerPixel = 0.5 });
        Assert.Equal(tiled.TissueTiles, tiles.Count);
        Assert.InRange(tiles.Count, 20, 108);
    }

    private async Task<List<SlideTile>> Read(ReadTilesRequest request)
    {
        var tiles = new List<SlideTile>();
        using var call = host.Grpc.ReadTiles(request, cancellationToken: Stop);
        await foreach (var tile in call.ResponseStream.ReadAllAsync(Stop)) { tiles.Add(tile); }
        return tiles;
    }

    private int Blobs() => Directory.EnumerateFiles(Path.Combine(host.Data, "blobs"), "*", SearchOption.AllDirectories).Count();

    private static byte[] Synthetic(int seed)
    {
        var path = Path.Combine(Path.GetTempPath(), $"slide-{Guid.NewGuid():N}.tif");
        try
        {
            SyntheticSlide.Write(path, seed, 2048);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Tiff(double perMillimetre = 2000, bool colour = true, int seed = 1, bool pyramid = true)
    {
        using var noise = Image.Gaussnoise(700, 600, sigma: 8, mean: 235, seed: seed).Cast(Enums.BandFormat.Uchar);
        using var image = (colour ? noise.Bandjoin(noise.Linear([0.5], [0]).Cast(Enums.BandFormat.Uchar), noise.Linear([0.8], [0]).Cast(Enums.BandFormat.Uchar)) : noise.Bandjoin(noise, noise))
            .Copy(interpretation: Enums.Interpretation.Srgb);
        return image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg, tile: true, pyramid: pyramid, tileWidth: 256, tileHeight: 256, xres: perMillimetre, yres: perMillimetre, resunit: Enums.ForeignTiffResunit.Cm);
    }
}
