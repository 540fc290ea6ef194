using System.Text.Json;

namespace BoneMet.UnitTests.Dicom;

/// <summary>The shared DICOM files and what reference tools read from them.</summary>
internal static class Corpus
{
    public static List<(string Path, JsonElement Expected)> Read()
    {
        var lines = File.ReadLines(TestData.Require("expected.jsonl"));
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement).Select(e => (TestData.Require(e.GetProperty("file").GetString()!), e))];
    }

    /// <summary>Small files, in a fixed order: seeds for mutation.</summary>
    public static List<(string Path, byte[] Bytes)> Small(int limit) =>
        [.. Read().Select(c => c.Path).Where(path => new FileInfo(path).Length <= limit).Order(StringComparer.Ordinal).Select(path => (path, File.ReadAllBytes(path)))];
}
