using System.Diagnostics;
using System.Text.Json;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.FunctionalTests.Dicom;

/// <summary>Our JSON of every shared file against that of dcmtk. What may differ, and why, stands in docs/dicom-conformance.md.</summary>
public sealed partial class Dcm2JsonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bonemet-dcm2json").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Json_OfEveryReadableFile_AgreesWithDcm2Json()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dcm2json"), "needs dcm2json (Debian package dcmtk)");
        var corpus = TestData.Require("dicom");
        var wrong = new List<string>();
        var compared = 0;
        foreach (var path in Directory.EnumerateFiles(corpus, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!DicomFile.IsDicom(path)) { continue; }
            var file = DicomFile.Open(path, new DicomReadOptions { KeepReadable = true });
            using var peer = Dcm2Json(path) ?? Dcm2Json(WithoutPixels(file));
            if (peer is null) { continue; }
            using var ours = JsonDocument.Parse(DicomJson.ToJson(file.Dataset, new DicomJsonOptions { MaxInlineBinary = 1 << 20 }));
            Compare(peer.RootElement, ours.RootElement, Path.GetRelativePath(corpus, path), wrong);
            compared++;
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
        Assert.True(compared >= 250, $"dcm2json read only {compared} files");
    }

    /// <summary>dcm2json refuses encapsulated pixel data: those objects are compared without them, as we write them.</summary>
    private string WithoutPixels(DicomFile file)
    {
        var dataset = file.Dataset.Clone();
        dataset.Remove(DicomTag.PixelData);
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.dcm");
        new DicomFile(dataset).Save(path);
        return path;
    }

    private static JsonDocument? Dcm2Json(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/dcm2json") { ArgumentList = { "-q", path }, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        // dcmtk passes bytes through that are not in the declared set: its output then is no UTF-8, so no JSON.
        var json = output.ToArray();
        if (process.ExitCode != 0 || !System.Text.Unicode.Utf8.IsValid(json)) { return null; }
        // It also copies decimal strings such as "5.", which JSON does not allow as a number.
        return JsonDocument.Parse(TrailingPoint().Replace(System.Text.Encoding.UTF8.GetString(json), "$1.0"));
    }

    private static void Compare(JsonElement peer, JsonElement ours, string at, List<string> wrong)
    {
        var left = peer.EnumerateObject().Where(p => Compared(p.Name)).ToDictionary(p => p.Name, p => p.Value);
        var right = ours.EnumerateObject().Where(p => Compared(p.Name)).ToDictionary(p => p.Name, p => p.Value);
        foreach (var tag in left.Keys.Union(right.Keys).Order(StringComparer.Ordinal))
        {
            if (!left.TryGetValue(tag, out var x) || !right.TryGetValue(tag, out var y))
            {
                wrong.Add($"{at} {tag}: only in {(left.ContainsKey(tag) ? "dcm2json" : "ours")}");
                continue;
            }
            var (vr, own) = (x.GetProperty("vr").GetString(), y.GetProperty("vr").GetString());
            if (vr != own)
            {
                // dcmtk knows private dictionaries; an implicit file's private elements are UN to us.
                // An unknown VR in an explicit file: dcmtk keeps UN, we go by the dictionary.
                if (!(own == "UN" && DicomTag.Parse(tag).IsPrivate) && vr != "UN") { wrong.Add($"{at} {tag}: VR {vr} and {own}"); }
                continue;
            }
            if (y.TryGetProperty("BulkDataURI", out _)) { continue; }
            if (x.TryGetProperty("InlineBinary", out var binary)) { CompareBinary(binary, y, $"{at} {tag}", wrong); }
            else { CompareValues(vr!, x, y, $"{at} {tag}", wrong); }
        }
    }

    /// <summary>dcm2json declares the UTF-8 it writes; we keep what the file declared. Pixel data have tests of their own.</summary>
    private static bool Compared(string tag) => tag is not ("00080005" or "7FE00010");

    private static void CompareBinary(JsonElement binary, JsonElement ours, string at, List<string> wrong)
    {
        var left = binary.GetBytesFromBase64().AsSpan().TrimEnd((byte)0);
        var right = (ours.TryGetProperty("InlineBinary", out var own) ? own.GetBytesFromBase64() : []).AsSpan().TrimEnd((byte)0);
        if (!left.SequenceEqual(right)) { wrong.Add($"{at}: {left.Length} and {right.Length} bytes differ"); }
    }

    private static void CompareValues(string vr, JsonElement peer, JsonElement ours, string at, List<string> wrong)
    {
        var left = Values(peer);
        var right = Values(ours);
        if (vr == "PN")
        {
            // dcm2json drops empty components at the end of a name.
            left = [.. left.Where(name => Name(name).Length > 0)];
            right = [.. right.Where(name => Name(name).Length > 0)];
        }
        // dcm2json takes NUL bytes at the end for text; to us they are padding, whatever the VR.
        left = [.. left.Where(value => value.ValueKind != JsonValueKind.Null && Trim(value).Length > 0)];
        right = [.. right.Where(value => value.ValueKind != JsonValueKind.Null && Trim(value).Length > 0)];
        if (left.Length != right.Length)
        {
            wrong.Add($"{at}: {left.Length} and {right.Length} values");
            return;
        }
        for (var i = 0; i < left.Length; i++)
        {
            if (vr == "SQ") { Compare(left[i], right[i], $"{at}/{i}", wrong); }
            else if (!Same(vr, left[i], right[i])) { wrong.Add($"{at}: {left[i].GetRawText()} and {right[i].GetRawText()}"); }
        }
    }

    private static JsonElement[] Values(JsonElement attribute) => attribute.TryGetProperty("Value", out var values) ? [.. values.EnumerateArray()] : [];

    private static string Name(JsonElement name) =>
        name.ValueKind == JsonValueKind.Object ? string.Join('=', name.EnumerateObject().Select(group => $"{group.Name}:{group.Value.GetString()!.TrimEnd('^', ' ')}").Where(group => !group.EndsWith(':'))) : "";

    private static string Trim(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim(' ', '\0', '\t', '\r', '\n') : value.GetRawText();

    private static bool Same(string vr, JsonElement left, JsonElement right)
    {
        if (vr == "PN") { return Name(left) == Name(right); }
        if (left.ValueKind == JsonValueKind.Number && right.ValueKind == JsonValueKind.Number)
        {
            var (x, y) = (left.GetDouble(), right.GetDouble());
            return vr == "FL" ? (float)x == (float)y : x == y || Math.Abs(x - y) <= 1e-15 * Math.Max(Math.Abs(x), Math.Abs(y));
        }
        return Trim(left) == Trim(right);
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"(?m)^(\s*-?\d+)\.(?=,?$)")]
    private static partial System.Text.RegularExpressions.Regex TrailingPoint();
}
