using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Contracts.Events;
using BoneMet.Dicom;
using BoneMet.Imaging.Volumes;
using BoneMet.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

public sealed class UploadTests(IngestionHost host) : IClassFixture<IngestionHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_RealCaseWithStructureSet_GivesVolumeAndMask()
    {
        var folder = TestData.Require("cases/sarcoma-008/dicom/CT");
        var files = Directory.GetFiles(folder, "*.dcm", SearchOption.AllDirectories);
        var zip = TestSeries.Zip([.. files.Select(path => (Path.GetRelativePath(folder, path), File.ReadAllBytes(path)))]);
        var answer = await Accepted("real", zip, "application/zip", "?roi=name:GTV_Mass_CT");
        Assert.Equal(files.Length, (int)answer["instances"]!);

        Assert.Equal(files.Length, (await host.Heard.Next<ImagesReceived>("real")).TotalInstances);
        var stored = await host.Heard.Next<ImagingStored>("real");
        Assert.Equal(("CT", "GTV_Mass_CT", 51), (stored.Modality, stored.RegionName, stored.Instances));
        var blobs = host.Services.GetRequiredService<IBlobStore>();
        await using var volumeFile = await blobs.Open(stored.Volume, Cancellation);
        await using var maskFile = await blobs.Open(stored.Mask!, Cancellation);
        var volume = NrrdFile.ReadVolume(volumeFile!);
        var mask = NrrdFile.ReadMask(maskFile!);
        Assert.True(volume.Grid.Coincides(mask.Grid));
        Assert.InRange(mask.Count, 1000, volume.Grid.Count / 10);
    }

    [Fact]
    public async Task Upload_Zip_BecomesVolumeWithRescaledValuesInSpatialOrder()
    {
        await Accepted("zip", TestSeries.ZipOf(10), "application/zip", "?roi=seed:0,0,15,12");
        await host.Heard.Next<ImagesReceived>("zip");
        var stored = await host.Heard.Next<ImagingStored>("zip");
        Assert.Null(stored.Mask);
        Assert.Equal([0, 0, 15], stored.Seed!);
        Assert.Equal(12, stored.DiameterMm);
        await using var file = await host.Services.GetRequiredService<IBlobStore>().Open(stored.Volume, Cancellation);
        var volume = NrrdFile.ReadVolume(file!);
        Assert.Equal((TestSeries.Columns, TestSeries.Rows, 10), (volume.Grid.SizeI, volume.Grid.SizeJ, volume.Grid.SizeK));
        Assert.Equal(new Point3(-24, -16, 0), volume.Grid.Origin);
        Assert.Equal(3, volume.Grid.Spacing.Z, 6);
        Assert.Equal(76, volume[24, 16, 5]);
        Assert.Equal(-24, volume[0, 0, 0]);
    }

    [Fact]
    public async Task Upload_SameBytesAgain_IsFine_OtherBytesAreKeptAndReported()
    {
        await Accepted("again", TestSeries.ZipOf(4), "application/zip");
        await host.Heard.Next<ImagesReceived>("again");
        var first = await host.Heard.Next<ImagingStored>("again");

        var same = await Accepted("again", TestSeries.ZipOf(4), "application/zip");
        Assert.Equal((4, 0, 4), ((int)same["sameInstances"]!, (int)same["newInstances"]!, (int)same["totalInstances"]!));
        Assert.Equal(4, (await host.Heard.Next<ImagesReceived>("again")).TotalInstances);
        Assert.Equal(first.InputHash, (await host.Heard.Next<ImagingStored>("again")).InputHash);

        var other = await Accepted("again", TestSeries.Zip(("changed.dcm", TestSeries.Slice(2, offset: 7))), "application/zip");
        Assert.Equal("changed.dcm", (string)other["conflicts"]!.AsArray().Single()!);
        var list = await host.Http.GetFromJsonAsync<JsonObject>("/api/v1/cases/again/images", Cancellation);
        Assert.Single(list!["conflicts"]!.AsArray());
        Assert.Equal(4, (int)list["totalInstances"]!);
    }

    [Fact]
    public async Task Upload_SliceBySlice_CompletesWhenQuiet_AndALateSliceReopens()
    {
        for (var n = 0; n < 3; n++)
        {
            await Accepted("quiet", TestSeries.Slice(n), "application/dicom");
            Assert.Equal(n + 1, (await host.Heard.Next<ImagesReceived>("quiet")).TotalInstances);
        }
        var stored = await host.Heard.Next<ImagingStored>("quiet");
        Assert.Equal(3, stored.Instances);

        await Accepted("quiet", TestSeries.Slice(3), "application/dicom", "?complete=true");
        await host.Heard.Next<ImagesReceived>("quiet");
        var late = await host.Heard.Next<ImagingStored>("quiet");
        Assert.Equal(4, late.Instances);
        Assert.NotEqual(stored.InputHash, late.InputHash);
    }

    [Fact]
    public async Task Resume_OfABuiltCase_TellsItAgain()
    {
        await Accepted("resume", TestSeries.ZipOf(3), "application/zip");
        await host.Heard.Next<ImagesReceived>("resume");
        var stored = await host.Heard.Next<ImagingStored>("resume");
        await host.Say(new CaseResumed { CaseId = "resume", At = DateTimeOffset.UnixEpoch });
        await host.Heard.Next<ImagesReceived>("resume");
        Assert.Equal(stored.InputHash, (await host.Heard.Next<ImagingStored>("resume")).InputHash);
    }

    [Fact]
    public async Task Upload_RegionThatDoesNotExist_FailsTheStrandWithTheNames()
    {
        await Accepted("noregion", TestSeries.ZipOf(3), "application/zip", "?roi=name:GTV");
        await host.Heard.Next<ImagesReceived>("noregion");
        var failed = await host.Heard.Next<StrandFailed>("noregion");
        Assert.Equal("region-not-found", failed.Code);
    }

    [Fact]
    public async Task Upload_TextFileNamedDcm_IsRefusedByName_AndTheCaseStaysUsable()
    {
        var problem = await Refused("text", TestSeries.Zip(("good.dcm", TestSeries.Slice(0)), ("letter.dcm", "Dear colleague, this is a letter and no image at all."u8.ToArray())), "application/zip", HttpStatusCode.UnprocessableEntity);
        Assert.Equal(("not-dicom", "letter.dcm"), ((string)problem["code"]!, (string)problem["item"]!));
        Assert.Equal("none", (string)(await host.Http.GetFromJsonAsync<JsonObject>("/api/v1/cases/text/images", Cancellation))!["state"]!);
        await Accepted("text", TestSeries.ZipOf(3), "application/zip");
        await host.Heard.Next<ImagesReceived>("text");
        await host.Heard.Next<ImagingStored>("text");
    }

    [Fact]
    public async Task Upload_TruncatedFile_IsRefusedWithTheOffset()
    {
        var whole = TestSeries.Slice(0);
        var problem = await Refused("cut", whole[..(whole.Length / 2)], "application/dicom", HttpStatusCode.UnprocessableEntity);
        Assert.Contains((string)problem["code"]!, new[] { "dicom-truncated", "not-dicom" });
        Assert.Contains("at byte", (string)problem["detail"]!);
        Assert.Equal(0, host.SpooledFiles());
    }

    [Fact]
    public async Task Upload_TruncatedZip_IsRefused()
    {
        var zip = TestSeries.ZipOf(3);
        var problem = await Refused("cutzip", zip[..(zip.Length - 40)], "application/zip", HttpStatusCode.BadRequest);
        Assert.Equal("archive-unreadable", (string)problem["code"]!);
        Assert.Equal(0, host.SpooledFiles());
    }

    [Fact]
    public async Task Upload_ZipBomb_IsRefusedBeforeItUnpacks()
    {
        var problem = await Refused("bomb", TestSeries.Zip(("bomb.dcm", new byte[200 << 20])), "application/zip", HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("zip-bomb", (string)problem["code"]!);
        Assert.Contains("bomb.dcm", (string)problem["detail"]!);
        Assert.Equal(0, host.SpooledFiles());
    }

    [Fact]
    public async Task Upload_TruncatedMultipart_IsRefused()
    {
        using var body = new MultipartContent("related", "cut");
        body.Add(new ByteArrayContent(TestSeries.Slice(0)));
        var bytes = await body.ReadAsByteArrayAsync(Cancellation);
        var problem = await Refused("cutparts", bytes[..(bytes.Length - 200)], "multipart/related; boundary=cut", HttpStatusCode.BadRequest);
        Assert.Equal("upload-truncated", (string)problem["code"]!);
        Assert.Equal(0, host.SpooledFiles());
    }

    [Fact]
    public async Task Upload_MultipartForm_IsTaken()
    {
        using var form = new MultipartFormDataContent();
        for (var n = 0; n < 3; n++) { form.Add(new ByteArrayContent(TestSeries.Slice(n)), "files", $"{n}.dcm"); }
        var response = await host.Http.PostAsync("/api/v1/cases/form/images", form, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await host.Heard.Next<ImagesReceived>("form");
        Assert.Equal(3, (await host.Heard.Next<ImagingStored>("form")).Instances);
    }

    [Fact]
    public async Task Upload_Instance_IsStoredWithoutIdentity()
    {
        await Accepted("identity", TestSeries.Slice(0, patient: "MRN-4711-XYZ"), "application/dicom", "?complete=true");
        await host.Heard.Next<ImagesReceived>("identity");
        await host.Heard.Next<ImagingStored>("identity");
        foreach (var path in Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "lock"))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await file.CopyToAsync(content, Cancellation);
            foreach (var secret in (string[])["MRN-4711-XYZ", "Doe^Jane"])
            {
                Assert.True(content.GetBuffer().AsSpan(0, (int)content.Length).IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{Path.GetRelativePath(host.Folder, path)} names the patient");
            }
        }
    }

    [Theory]
    [InlineData("?roi=here", "invalid-roi")]
    [InlineData("?roi=seed:1,2,3", "invalid-roi")]
    [InlineData("?complete=perhaps", "invalid-complete")]
    public async Task Upload_BadQuery_IsRefused(string query, string code)
    {
        var problem = await Refused("query", TestSeries.Slice(0), "application/dicom", HttpStatusCode.BadRequest, query);
        Assert.Equal(code, (string)problem["code"]!);
    }

    [Fact]
    public async Task Upload_ToAnothersCase_Is404()
    {
        var problem = await Refused("foreign-1", TestSeries.Slice(0), "application/dicom", HttpStatusCode.NotFound);
        Assert.Equal("case-not-found", (string)problem["code"]!);
    }

    [Fact]
    public async Task Stow_MixOfGoodAndBad_StoresTheGoodAndReportsTheBad()
    {
        using var body = new MultipartContent("related");
        body.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var content in (byte[][])[TestSeries.Slice(0), Encoding.ASCII.GetBytes("not an image, only words that fill a part of the body"), TestSeries.Slice(1)])
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            body.Add(part);
        }
        var response = await host.Http.PostAsync("/dicomweb/studies?case=stow", body, Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancellation)}");
        var json = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.Equal(2, json["00081199"]!["Value"]!.AsArray().Count);
        Assert.Single(json["00081198"]!["Value"]!.AsArray());
        Assert.Equal(2, (await host.Heard.Next<ImagesReceived>("stow")).TotalInstances);
    }

    [Fact]
    public async Task Stow_JsonWithBulkData_IsStoredLikeAFile()
    {
        var slices = Enumerable.Range(0, 2).Select(n => DicomFile.Open(TestSeries.Slice(n)).Dataset).ToList();
        var pixels = slices.Select(slice => slice.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.ToArray()).ToList();
        var metadata = new JsonArray([.. slices.Select((slice, n) =>
        {
            var header = slice.Clone();
            header.Remove(DicomTag.PixelData);
            var json = JsonNode.Parse(DicomJson.ToJson(header))!.AsObject();
            json["7FE00010"] = new JsonObject { ["vr"] = "OW", ["BulkDataURI"] = $"bulk/{n}" };
            return (JsonNode)json;
        }), new JsonObject { ["7FE00010"] = new JsonObject { ["vr"] = "OW", ["BulkDataURI"] = "bulk/nowhere" } }]);
        var response = await StowJson("json", metadata.ToJsonString(), pixels);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancellation)}");
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.Equal(2, answer["00081199"]!["Value"]!.AsArray().Count);
        Assert.Equal(0xC000, (int)answer["00081198"]!["Value"]!.AsArray().Single()!["00081197"]!["Value"]![0]!);
        Assert.Equal(2, (await host.Heard.Next<ImagesReceived>("json")).TotalInstances);

        metadata.RemoveAt(2);
        Assert.Equal(HttpStatusCode.OK, (await StowJson("json", metadata.ToJsonString(), pixels)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await StowJson("json", "[{}]", pixels)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await StowJson("json", "{ no json", pixels)).StatusCode);
    }

    private async Task<HttpResponseMessage> StowJson(string caseId, string metadata, List<byte[]> bulk)
    {
        using var body = new MultipartContent("related");
        body.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom+json\""));
        body.Add(new StringContent(metadata, Encoding.UTF8, "application/dicom+json"));
        for (var n = 0; n < bulk.Count; n++)
        {
            var part = new ByteArrayContent(bulk[n]);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            part.Headers.Add("Content-Location", $"bulk/{n}");
            body.Add(part);
        }
        return await host.Http.PostAsync($"/dicomweb/studies?case={caseId}", body, Cancellation);
    }

    private async Task<JsonObject> Accepted(string caseId, byte[] body, string contentType, string query = "")
    {
        var response = await Post(caseId, body, contentType, query);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Cancellation));
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }

    private async Task<JsonObject> Refused(string caseId, byte[] body, string contentType, HttpStatusCode status, string query = "")
    {
        var response = await Post(caseId, body, contentType, query);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!.AsObject();
    }

    private async Task<HttpResponseMessage> Post(string caseId, byte[] body, string contentType, string query)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await host.Http.PostAsync($"/api/v1/cases/{caseId}/images{query}", content, Cancellation);
    }
}
