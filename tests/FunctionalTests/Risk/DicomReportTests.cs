using System.Net;
using BoneMet.Contracts.Api;
using BoneMet.Dicom;
using BoneMet.FunctionalTests.Faults;
using BoneMet.FunctionalTests.Ingestion;
using BoneMet.FunctionalTests.Platform;
using BoneMet.FunctionalTests.Support;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>The report as DICOM objects, read by dcmtk.</summary>
public sealed class DicomReportTests(PlatformFixture platform)
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StructuredReport_OfAPrediction_IsReadByDsrdump()
    {
        using var folder = new TemporaryFolder();
        using var http = platform.Client(platform.SiteA);
        var view = await Predicted(http);
        var file = await Save(http, $"cases/{view.Id}/report.sr.dcm", folder);
        Assert.Equal(await File.ReadAllBytesAsync(file, Ending), await File.ReadAllBytesAsync(await Save(http, $"cases/{view.Id}/report.sr.dcm", folder), Ending));
        var (code, text) = await Tool.Run("dsrdump", "+Pc", "-Ee", file);
        Assert.True(code == 0, text);

        // That it does not check UTF-8 is dcmtk's own limit, not a fault of the object.
        Assert.DoesNotContain(text.Split('\n'), line => (line.StartsWith("E: ", StringComparison.Ordinal) || line.StartsWith("W: ", StringComparison.Ordinal)) && !line.Contains("VR checker does not support this Specific Character Set", StringComparison.Ordinal));
        foreach (var shown in new[] { "Comprehensive SR", "Imaging Measurement Report", "Measurement Group", "Probability of bone metastasis at diagnosis", "Total points", "Kind of the interval", "Intended use", "Generated case" }) { Assert.Contains(shown, text); }
        Assert.Contains("1500", (await Tool.Run("dcmdump", "+P", "ContentTemplateSequence", "+P", "TemplateIdentifier", file)).Output);

        var probability = Numbers(DicomFile.Open(file).Dataset).Single(number => number.Name == "probability").Value;
        Assert.Equal(view.Predictions[^1].GetProperty("probability").GetDouble(), probability);
    }

    [Fact]
    public async Task EncapsulatedPdf_OfAReport_IsThePdf()
    {
        using var folder = new TemporaryFolder();
        using var http = platform.Client(platform.SiteA);
        var view = await Predicted(http);
        var file = await Save(http, $"cases/{view.Id}/report.pdf.dcm?language=ru&studyInstanceUid=1.2.3.4", folder);
        var pdf = Path.Combine(folder.Path, "report.pdf");
        var (code, text) = await Tool.Run("dcm2pdf", file, pdf);
        Assert.True(code == 0, text);
        var written = await File.ReadAllBytesAsync(pdf, Ending);
        Assert.Equal("%PDF"u8.ToArray(), written[..4]);
        var dataset = DicomFile.Open(file).Dataset;
        Assert.Equal((uint)written.Length, dataset.GetSingleValue<uint>(DicomTag.EncapsulatedDocumentLength));
        Assert.Equal("1.2.3.4", dataset.GetString(DicomTag.StudyInstanceUID));
        Assert.DoesNotContain("E: ", (await Tool.Run("dcmdump", file)).Output);

        var again = DicomFile.Open(await Save(http, $"cases/{view.Id}/report.pdf.dcm?language=ru&studyInstanceUid=1.2.3.4", folder)).Dataset;
        Assert.Equal(dataset.GetString(DicomTag.SOPInstanceUID), again.GetString(DicomTag.SOPInstanceUID));
        var chinese = DicomFile.Open(await Save(http, $"cases/{view.Id}/report.pdf.dcm?language=zh&studyInstanceUid=1.2.3.4", folder)).Dataset;
        Assert.NotEqual(dataset.GetString(DicomTag.SOPInstanceUID), chinese.GetString(DicomTag.SOPInstanceUID));
    }

    /// <summary>PS3.16, TID 1500 "Measurement Report", rows 1 to 14, and TID 1501 "Measurement and Qualitative Evaluation Group": order is significant in both.</summary>
    [Fact]
    public async Task StructuredReport_RowByRow_FollowsItsTemplates()
    {
        using var folder = new TemporaryFolder();
        using var http = platform.Client(platform.SiteA);
        var report = DicomFile.Open(await Save(http, $"cases/{(await Predicted(http)).Id}/report.sr.dcm", folder)).Dataset;
        Assert.Equal("126000", Concept(report));
        string[] root =
        [
            "HAS CONCEPT MOD CODE 121049",
            "HAS OBS CONTEXT CODE 121005", "HAS OBS CONTEXT UIDREF 121012", "HAS OBS CONTEXT TEXT 121013", "HAS OBS CONTEXT TEXT 121014", "HAS OBS CONTEXT TEXT 121015", "HAS OBS CONTEXT TEXT 121016",
            "HAS CONCEPT MOD CODE 121058",
            "CONTAINS CONTAINER 126010", "CONTAINS CONTAINER C0034375",
        ];
        Assert.Equal(root, report.Items(DicomTag.ContentSequence).Select(Row));

        var group = Assert.Single(report.Items(DicomTag.ContentSequence).Single(item => Concept(item) == "126010").Items(DicomTag.ContentSequence));
        Assert.Equal(("CONTAINS CONTAINER 125007", "1501"), (Row(group), group.Items(DicomTag.ContentTemplateSequence)[0].GetString(DicomTag.TemplateIdentifier)));
        var rows = group.Items(DicomTag.ContentSequence).Select(Row).ToList();
        Assert.Equal(["HAS OBS CONTEXT TEXT 112039", "HAS OBS CONTEXT UIDREF 112040", "CONTAINS CODE 121071"], rows[..3]);
        Assert.NotEmpty(rows[3..]);
        Assert.All(rows[3..], row => Assert.StartsWith("CONTAINS NUM ", row));

        // TID 300: what a measurement was inferred from is numeric; its properties (TID 310) are numbers and words.
        var below = group.Items(DicomTag.ContentSequence).SelectMany(item => item.Items(DicomTag.ContentSequence)).Select(item => Row(item)[..Row(item).LastIndexOf(' ')]).Distinct();
        Assert.All(below, row => Assert.Contains(row, new[] { "INFERRED FROM NUM", "HAS PROPERTIES NUM", "HAS PROPERTIES TEXT" }));

        // Qualitative evaluations are codes or texts.
        Assert.All(report.Items(DicomTag.ContentSequence).Single(item => Concept(item) == "C0034375").Items(DicomTag.ContentSequence), item => Assert.StartsWith("CONTAINS TEXT ", Row(item)));
    }

    [Fact]
    public async Task Reports_SentToAnArchive_ArriveAndAreRead()
    {
        Tool.Require("storescp");
        using var folder = new TemporaryFolder();
        using var http = platform.Client(platform.SiteA);
        var view = await Predicted(http);
        var (sr, pdf, archive) = (Path.Combine(folder.Path, "sr.dcm"), Path.Combine(folder.Path, "pdf.dcm"), Path.Combine(folder.Path, "archive"));
        Directory.CreateDirectory(archive);
        Assert.Equal(0, await Cli.CommandLine.Run(["case", "export", view.Id, "--sr", sr, "--pdf-dicom", pdf, "--url", platform.Url.ToString(), "--key", platform.SiteA]));
        var port = FreePort();
        using var peer = Tool.Start("storescp", "-aet", "ARCHIVE", "-od", archive, port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            await Tool.Listening(port);
            Assert.Equal(0, await Cli.CommandLine.Run(["dicom", "send", $"ARCHIVE@127.0.0.1:{port}", sr, pdf]));
        }
        finally
        {
            peer.Kill();
        }
        var arrived = Directory.GetFiles(archive).Select(file => (File: file, DicomFile.Open(file).Dataset)).ToDictionary(one => one.Dataset.GetString(DicomTag.Modality), one => one.File);
        Assert.Equal(["DOC", "SR"], arrived.Keys.Order(StringComparer.Ordinal));
        var (code, text) = await Tool.Run("dsrdump", "-Ee", arrived["SR"]);
        Assert.True(code == 0 && text.Contains("Imaging Measurement Report", StringComparison.Ordinal), text);
        var read = Path.Combine(folder.Path, "report.pdf");
        Assert.Equal(0, (await Tool.Run("dcm2pdf", arrived["DOC"], read)).Code);
        Assert.Equal("%PDF"u8.ToArray(), (await File.ReadAllBytesAsync(read, Ending))[..4]);
    }

    [Theory]
    [InlineData("report.sr.dcm?studyInstanceUid=1.02.3", HttpStatusCode.BadRequest)]
    [InlineData("report.pdf.dcm?language=xx", HttpStatusCode.BadRequest)]
    public async Task Report_BadParameters_AreRefused(string form, HttpStatusCode expected)
    {
        using var http = platform.Client(platform.SiteA);
        var view = await Predicted(http);
        using var response = await http.GetAsync($"cases/{view.Id}/{form}", Ending);
        Assert.Equal(expected, response.StatusCode);
        using var other = platform.Client(platform.SiteB);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"cases/{view.Id}/report.sr.dcm", Ending)).StatusCode);
    }

    [Fact]
    public async Task CaseCommands_AgainstARunningPlatform_ProveEqualityAndWriteFiles()
    {
        using var folder = new TemporaryFolder();
        using var http = platform.Client(platform.SiteA);
        var view = await Predicted(http);
        string[] where = ["--url", platform.Url.ToString(), "--key", platform.SiteA];
        Assert.Equal(0, await Cli.CommandLine.Run(["case", "recompute", view.Id, .. where]));
        var sr = Path.Combine(folder.Path, "sr.dcm");
        var pdf = Path.Combine(folder.Path, "report.dcm");
        Assert.Equal(0, await Cli.CommandLine.Run(["case", "export", view.Id, "--sr", sr, "--pdf-dicom", pdf, "--language", "zh", "--study", "1.2.3", .. where]));
        Assert.Equal("1.2.3", DicomFile.Open(sr).Dataset.GetString(DicomTag.StudyInstanceUID));
        Assert.Equal("DOC", DicomFile.Open(pdf).Dataset.GetString(DicomTag.Modality));
        Assert.Equal(2, await Cli.CommandLine.Run(["case", "export", view.Id, .. where]));
        Assert.Equal(2, await Cli.CommandLine.Run(["case", "recompute", "no-such-case", .. where]));
    }

    private static async Task<CaseView> Predicted(HttpClient http)
    {
        var created = await PlatformFixture.Open(http, SmallCase.Clinical());
        return await PlatformFixture.Wait(http, created.Id, view => view.Predictions.Count == 1);
    }

    private static async Task<string> Save(HttpClient http, string path, TemporaryFolder folder)
    {
        using var response = await http.GetAsync(path, Ending);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ending));
        Assert.Equal("application/dicom", response.Content.Headers.ContentType?.MediaType);
        var file = Path.Combine(folder.Path, $"{Guid.NewGuid():n}.dcm");
        await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync(Ending), Ending);
        return file;
    }

    private static string Row(DicomDataset item) => $"{item.GetString(DicomTag.RelationshipType)} {item.GetString(DicomTag.ValueType)} {Concept(item)}";

    private static string Concept(DicomDataset item) => item.Items(DicomTag.ConceptNameCodeSequence)[0].GetString(DicomTag.CodeValue);

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static IEnumerable<(string Name, double Value)> Numbers(DicomDataset item)
    {
        if (item.GetSingleValueOrDefault(DicomTag.ValueType, "") == "NUM")
        {
            yield return (item.Items(DicomTag.ConceptNameCodeSequence)[0].GetString(DicomTag.CodeValue), item.Items(DicomTag.MeasuredValueSequence)[0].GetSingleValue<double>(DicomTag.FloatingPointValue));
        }
        foreach (var number in item.Items(DicomTag.ContentSequence).SelectMany(Numbers)) { yield return number; }
    }
}
