using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Contracts.Events;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>DICOMweb as viewers use it. The requests of OHIF 3 are written as it sends them: unquoted media types, transfer-syntax=*, hexadecimal includefield.</summary>
public sealed class DicomWebTests : IAsyncLifetime
{
    private const string Viewer = "https://viewer.hospital.example";
    private readonly IngestionHost _host = new($"--Http:CorsOrigins:0={Viewer}", "--Ingestion:QuietSeconds=86400");
    private string _study = "";
    private string _series = "";
    private string[] _instances = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Instance => $"/dicomweb/studies/{_study}/series/{_series}/instances/{_instances[0]}";

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        await Upload([TestSeries.Slice(0), TestSeries.Slice(1), TestSeries.Slice(2)]);
        var found = await Json("/dicomweb/instances?Modality=CT");
        (_study, _series) = (Text(found[0]!, "0020000D"), Text(found[0]!, "0020000E"));
        _instances = [.. found.Select(instance => Text(instance!, "00080018"))];
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Ohif_StudyListSeriesListAndMetadata()
    {
        var studies = await Json("/dicomweb/studies?limit=101&offset=0&fuzzymatching=true&includefield=00081030,00080060");
        Assert.Equal(_study, Text(Assert.Single(studies)!, "0020000D"));
        Assert.Equal("CT", Text(studies[0]!, "00080061"));
        Assert.Single(await Json($"/dicomweb/studies?limit=101&offset=0&fuzzymatching=false&includefield=00081030%2C00080060&StudyInstanceUID={_study}"));
        Assert.Single(await Json($"/dicomweb/studies?PatientName=*BM*&ModalitiesInStudy=CT%5CMR&limit=25&offset=0"));
        var series = await Json($"/dicomweb/studies/{_study}/series?includefield=0008103E,00080021");
        Assert.Equal(3, (int)Assert.Single(series)!["00201209"]!["Value"]![0]!);
        var metadata = await Json($"/dicomweb/studies/{_study}/series/{_series}/metadata");
        Assert.Equal(3, metadata.Count);
        Assert.StartsWith("http", (string)metadata[0]!["7FE00010"]!["BulkDataURI"]!);
    }

    [Theory]
    [InlineData("multipart/related; type=application/octet-stream; transfer-syntax=*")]
    [InlineData("multipart/related; type=\"application/octet-stream\"")]
    [InlineData("multipart/related; type=\"application/octet-stream\"; transfer-syntax=1.2.840.10008.1.2.1")]
    [InlineData("application/octet-stream")]
    [InlineData("*/*")]
    public async Task Frames_InEveryFormThatIsAskedFor_AreTheSamples(string accept)
    {
        var (answer, body) = await Get($"{Instance}/frames/1", accept);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var pixels = (await Object(_instances[0])).Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.ToArray();
        var alone = accept == "application/octet-stream";
        Assert.Equal(alone ? accept : "multipart/related", answer.Content.Headers.ContentType!.MediaType);
        if (alone) { Assert.Equal(pixels, body); }
        else { Assert.True(body.AsSpan().IndexOf(pixels) > 0); }
    }

    [Fact]
    public async Task Frames_OfACompressedObject_ComeAsStored_OrDecoded()
    {
        var native = DicomFile.Open(TestSeries.Slice(0, series: "7"));
        var samples = native.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.ToArray();
        native.Dataset.AddOrUpdate(new DicomFragmentSequence(DicomTag.PixelData, DicomVR.OB, null, [new DicomElement(DicomTag.PixelData, DicomVR.OB, Rle(samples))]));
        using var file = new MemoryStream();
        new DicomFile(native.Dataset, DicomTransferSyntax.RLELossless).Save(file);
        await Upload([file.ToArray()]);
        var held = (await Json("/dicomweb/instances?AvailableTransferSyntaxUID=1.2.840.10008.1.2.5")).Single()!;
        var address = $"/dicomweb/studies/{Text(held, "0020000D")}/series/{Text(held, "0020000E")}/instances/{Text(held, "00080018")}/frames/1";

        var (_, stored) = await Get(address, "multipart/related; type=application/octet-stream; transfer-syntax=*");
        Assert.Contains("image/dicom-rle; transfer-syntax=1.2.840.10008.1.2.5", Encoding.Latin1.GetString(stored));
        var (_, decoded) = await Get(address, "application/octet-stream");
        Assert.Equal(samples, decoded);
        var (refused, _) = await Get(address, "image/jpeg");
        Assert.Equal(HttpStatusCode.NotAcceptable, refused.StatusCode);
    }

    [Fact]
    public async Task BulkData_OfTheMetadata_IsServedAtItsAddress()
    {
        var metadata = await Json($"{Instance}/metadata");
        var uri = (string)metadata[0]!["7FE00010"]!["BulkDataURI"]!;
        var (answer, body) = await Get(uri, "application/octet-stream");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((await Object(_instances[0])).Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.ToArray(), body);
        Assert.Equal("multipart/related", (await Get(uri, "multipart/related; type=\"application/octet-stream\"")).Answer.Content.Headers.ContentType!.MediaType);
        foreach (var none in (string[])["7FE00009", "0008", "00081140/0/00081150"]) { Assert.Equal(HttpStatusCode.NotFound, (await Get($"{Instance}/bulk/{none}", "*/*")).Answer.StatusCode); }
    }

    [Fact]
    public async Task Pictures_AreDrawnAsAsked()
    {
        var (answer, jpeg) = await Get($"{Instance}/rendered", "image/jpeg");
        Assert.Equal(("image/jpeg", 0xFF), (answer.Content.Headers.ContentType!.MediaType, jpeg[0]));
        var (_, png) = await Get($"{Instance}/rendered?window=0,200,linear-exact&viewport=24,24&quality=70", "image/png,image/*;q=0.8");
        Assert.Equal((24, 16), PngSize(png));
        Assert.Equal((TestSeries.Columns, TestSeries.Rows), PngSize((await Get($"{Instance}/frames/1/rendered?accept=image/png", "*/*")).Body));
        foreach (var thumbnail in (string[])[$"/dicomweb/studies/{_study}/thumbnail", $"/dicomweb/studies/{_study}/series/{_series}/thumbnail", $"{Instance}/thumbnail", $"{Instance}/frames/1/thumbnail"])
        {
            Assert.Equal((128, 85), PngSize((await Get(thumbnail, "image/png")).Body));
        }
        Assert.Equal(HttpStatusCode.NotAcceptable, (await Get($"{Instance}/rendered", "video/mp4")).Answer.StatusCode);
        foreach (var bad in (string[])["window=1", "window=1,0", "window=1,2,cubic", "viewport=0,5", "viewport=1,2,3,4", "quality=101"]) { Assert.Equal(HttpStatusCode.BadRequest, (await Get($"{Instance}/rendered?{bad}", "*/*")).Answer.StatusCode); }
    }

    [Fact]
    public async Task Search_MoreThanItsLimit_SaysSo()
    {
        using var answer = await _host.Http.GetAsync("/dicomweb/instances?limit=2", Cancellation);
        Assert.Contains("299", string.Join(' ', answer.Headers.GetValues("Warning")));
        using var rest = await _host.Http.GetAsync("/dicomweb/instances?limit=2&offset=2", Cancellation);
        Assert.False(rest.Headers.Contains("Warning"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Http.GetAsync("/dicomweb/studies?includefield=NoSuchThing", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Browser_OfAConfiguredOrigin_MayCall_AnotherMayNot()
    {
        foreach (var (origin, allowed) in new[] { (Viewer, true), ("https://elsewhere.example", false) })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, $"/dicomweb/studies/{_study}/series");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "GET");
            preflight.Headers.Add("Access-Control-Request-Headers", "authorization");
            using var anonymous = new HttpClient { BaseAddress = _host.Http.BaseAddress };
            using var answer = await anonymous.SendAsync(preflight, Cancellation);
            Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == Viewer);
        }
    }

    private async Task Upload(IEnumerable<byte[]> files)
    {
        using var content = new ByteArrayContent(TestSeries.Zip([.. files.Select((file, n) => ($"{n}.dcm", file))]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        var response = await _host.Http.PostAsync("/api/v1/cases/web/images?complete=false", content, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        await _host.Heard.Next<ImagesReceived>("web");
    }

    private async Task<JsonArray> Json(string address) => (await _host.Http.GetFromJsonAsync<JsonArray>(address, Cancellation))!;

    private async Task<DicomFile> Object(string instance) => DicomFile.Open((await Get($"/dicomweb/studies/{_study}/series/{_series}/instances/{instance}", "application/dicom")).Body);

    private async Task<(HttpResponseMessage Answer, byte[] Body)> Get(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var answer = await _host.Http.SendAsync(request, Cancellation);
        return (answer, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    private static string Text(JsonNode dataset, string tag) => (string)dataset[tag]!["Value"]![0]!;

    private static (int Width, int Height) PngSize(byte[] png) =>
        (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));

    /// <summary>Two byte planes of literal runs (PS3.5 Annex G).</summary>
    private static byte[] Rle(byte[] words)
    {
        var planes = new List<byte[]>();
        foreach (var part in (int[])[1, 0])
        {
            using var plane = new MemoryStream();
            var bytes = words.Where((_, n) => n % 2 == part).ToArray();
            for (var at = 0; at < bytes.Length; at += 128)
            {
                var run = Math.Min(128, bytes.Length - at);
                plane.WriteByte((byte)(run - 1));
                plane.Write(bytes, at, run);
            }
            planes.Add(plane.ToArray());
        }
        var header = new byte[64];
        BitConverter.TryWriteBytes(header.AsSpan(0), 2);
        BitConverter.TryWriteBytes(header.AsSpan(4), 64);
        BitConverter.TryWriteBytes(header.AsSpan(8), 64 + planes[0].Length);
        return [.. header, .. planes[0], .. planes[1]];
    }
}
