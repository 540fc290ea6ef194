using System.Text.Json;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

public sealed class JsonTests
{
    [Fact]
    public void ParseAndWrite_OfTheStandardsExample_GivesTheSameJson()
    {
        var checkedFiles = 0;
        foreach (var path in Directory.EnumerateFiles(TestData.Require("dicom-json"), "*.json", SearchOption.AllDirectories))
        {
            var json = File.ReadAllText(path);
            using var document = JsonDocument.Parse(json);
            var objects = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToArray() : [document.RootElement];
            foreach (var one in objects)
            {
                var dataset = DicomJson.Parse(one, _ => [1, 2]);
                var written = DicomJson.ToJson(dataset);
                Assert.Null(DatasetComparison.Difference(dataset, DicomJson.Parse(written)));
                Assert.Equal(written, DicomJson.ToJson(DicomJson.Parse(written)));
                checkedFiles++;
            }
        }
        Assert.True(checkedFiles > 0, "there is no example");
    }

    [Fact]
    public void WriteAndParse_OfEveryFile_KeepsEveryValue()
    {
        foreach (var (path, _) in Corpus.Read())
        {
            if (!DicomFile.IsDicom(path)) { continue; }
            var file = DicomFile.Open(path, new DicomReadOptions { KeepReadable = true, StopBefore = DicomTag.PixelData });
            var json = DicomJson.ToJson(file.Dataset, new DicomJsonOptions { MaxInlineBinary = long.MaxValue });
            var again = DicomJson.Parse(json);
            var (left, right) = (JsonDocument.Parse(json).RootElement, JsonDocument.Parse(DicomJson.ToJson(again, new DicomJsonOptions { MaxInlineBinary = long.MaxValue })).RootElement);
            foreach (var property in left.EnumerateObject().Where(p => p.Name != "00080005"))
            {
                Assert.True(right.TryGetProperty(property.Name, out var other), $"{path}: {property.Name} is lost");
                Assert.Equal(WithoutSets(property.Value), WithoutSets(other));
            }
        }
    }

    [Theory]
    [InlineData("{\"00100010\": 5}", "00100010")]
    [InlineData("{\"0010001\": {}}", "0010001")]
    [InlineData("{\"00100010\":{\"vr\":\"ZZ\"}}", "ZZ")]
    [InlineData("{\"7FE00010\":{\"vr\":\"OB\",\"InlineBinary\":\"***\"}}", "base64")]
    [InlineData("{\"00280010\":{\"vr\":\"US\",\"Value\":[70000]}}", "70000")]
    [InlineData("{\"00280010\":{\"vr\":\"US\",\"Value\":[1.5]}}", "1.5")]
    [InlineData("[1]", "object")]
    [InlineData("{", "JSON")]
    public void Parse_OfBadJson_NamesTheFault(string json, string named) =>
        Assert.Contains(named, Assert.Throws<DicomException>(() => DicomJson.Parse(json)).Message.Replace("(0010,0010)", "00100010", StringComparison.Ordinal), StringComparison.Ordinal);

    /// <summary>Specific Character Set differs at every level: JSON is UTF-8.</summary>
    private static string WithoutSets(JsonElement element)
    {
        var text = element.GetRawText();
        return System.Text.RegularExpressions.Regex.Replace(text, "\"00080005\":\\{[^}]*\\},?", "");
    }
}
