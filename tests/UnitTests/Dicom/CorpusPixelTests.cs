using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

/// <summary>Decoded samples of every shared file against the reference decoders.</summary>
public sealed class CorpusPixelTests
{
    [Fact]
    public void Pixels_OfEveryFileWithReferenceValues_AreAsExpected()
    {
        var wrong = new List<string>();
        var compared = 0;
        foreach (var (path, expected) in Corpus.Read())
        {
            if (!expected.TryGetProperty("pixel", out var pixel) || pixel.ValueKind != System.Text.Json.JsonValueKind.Object || !pixel.TryGetProperty("values_sha256", out var reference)) { continue; }
            var file = DicomFile.Open(path);
            var pixels = DicomPixelData.Create(file);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var difference = 0.0;
            var samples = 0;
            for (var f = 0; f < pixels.Shape.Frames; f++)
            {
                var frame = pixels.GetFrame(f);
                hash.AppendData(MemoryMarshal.AsBytes(frame.Values.AsSpan()));
                foreach (var sample in pixel.GetProperty("samples").EnumerateArray().Where(s => s[0].GetInt32() == f))
                {
                    for (var c = 0; c < frame.SamplesPerPixel; c++, samples++)
                    {
                        var at = (((sample[1].GetInt32() * frame.Columns) + sample[2].GetInt32()) * frame.SamplesPerPixel) + c;
                        difference += Math.Abs(frame.Values[at] - sample[3 + c].GetDouble());
                    }
                }
            }
            compared++;
            var same = Convert.ToHexStringLower(hash.GetHashAndReset()) == reference.GetString();
            var lossy = pixel.GetProperty("compare").GetString() != "exact";
            if (!same && !(lossy && difference / Math.Max(1, samples) <= 0.5)) { wrong.Add($"{path}: {file.TransferSyntax.Name}, mean difference {difference / Math.Max(1, samples):0.###}"); }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(compared > 200, $"only {compared} files have reference values");
    }

    [Fact]
    public void Pixels_OfAFileDeclaredJpegThatIsNone_FailByName()
    {
        var file = DicomFile.Open(TestData.Require("dicom/fo-dicom/genFile.dcm"));
        var fault = Assert.Throws<DicomException>(() => DicomPixelData.Create(file).GetFrame(0));
        Assert.Contains("Jpeg", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_OfImpossibleSize_AreRefusedWithoutAllocatingThem()
    {
        var file = DicomFile.Open(TestData.Require("dicom/orthanc/2026-05-26-oob-monochrome-65535.dcm"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DicomException>(() => DicomPixelData.Create(file).GetFrame(0));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void FloatPixels_OfAParametricMap_MatchReferenceHash()
    {
        var path = TestData.Require("dicom/pydicom-data/parametric_map_float.dcm");
        var expected = Corpus.Read().Single(c => c.Path == path).Expected.GetProperty("float_pixel_sha256").GetString();
        var pixels = DicomPixelData.Create(DicomFile.Open(path));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var f = 0; f < pixels.Shape.Frames; f++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(pixels.GetFloatFrame(f).Select(value => (float)value).ToArray().AsSpan()));
        }
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
