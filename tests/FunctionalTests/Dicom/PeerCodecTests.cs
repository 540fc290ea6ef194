using System.Diagnostics;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.FunctionalTests.Dicom;

/// <summary>
/// Images of every shape, coded by dcmtk in every way that it can, give the samples that they were made of; and data sets that it rewrote
/// in another transfer syntax read the same. The corpus holds what senders happen to write; this holds what they may.
/// </summary>
public sealed class PeerCodecTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bonemet-codecs-").FullName;

    private sealed record Made(string Name, int Allocated, int Stored, bool Signed, int Samples = 1, bool Planar = false, int Frames = 1, int Columns = 37, int Rows = 23);

    private static readonly Made[] s_shapes =
    [
        new("u8", 8, 8, false), new("s8", 8, 8, true), new("u12", 16, 12, false), new("s12", 16, 12, true), new("u16", 16, 16, false), new("s16", 16, 16, true),
        new("u10-frames", 16, 10, false, Frames: 3), new("rgb", 8, 8, false, Samples: 3), new("rgb-planar", 8, 8, false, Samples: 3, Planar: true), new("rgb-frames", 8, 8, false, Samples: 3, Frames: 2),
        new("odd", 8, 8, false, Columns: 1, Rows: 1), new("line", 16, 16, false, Columns: 311, Rows: 1),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lossless_OfDcmtk_GivesTheSamples()
    {
        var wrong = new List<string>();
        foreach (var made in s_shapes)
        {
            var (path, expected) = Write(made);
            foreach (var arguments in (string[][])
            [
                ["dcmcrle"], ["dcmcjpls", "+el", "+il"], ["dcmcjpls", "+el", "+is"], ["dcmcjpls", "+el", "+in", "+fs", "1", "-ot"],
                ["dcmcjpeg", "+e1"], ["dcmcjpeg", "+e1", "+fs", "1"], ["dcmcjpeg", "+e1", "+fs", "1", "-ot"], ["dcmcjpeg", "+el", "+sv", "2"], ["dcmcjpeg", "+el", "+sv", "4"], ["dcmcjpeg", "+el", "+sv", "7"],
                ["dcmconv", "+tb"], ["dcmconv", "+ti"], ["dcmconv", "+td"], ["dcmconv", "+te", "-F"],
            ])
            {
                if (Coded(path, arguments) is { } coded) { Compare(made, arguments, coded, expected, tolerance: 0, wrong); }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Lossy_OfDcmtk_StaysWithinItsBounds()
    {
        var wrong = new List<string>();
        foreach (var made in s_shapes.Where(made => made is { Samples: 1, Signed: false, Stored: <= 12 }))
        {
            var (path, expected) = Write(made);
            if (Coded(path, ["dcmcjpls", "+en", "+md", "3"]) is { } near) { Compare(made, ["near-lossless"], near, expected, tolerance: 3, wrong); }
            // JPEG itself is bounded by another decoder of the same stream: libjpeg's, in dcmdjpeg.
            foreach (var process in (string[])["+eb", "+ee", "+es", "+ep"])
            {
                if ((process == "+eb" && made.Stored > 8) || Coded(path, ["dcmcjpeg", process, "+q", "90"]) is not { } coded) { continue; }
                var plain = Path.Combine(_folder, $"{Guid.NewGuid():N}.dcm");
                Assert.Equal(0, Run("dcmdjpeg", coded, plain));
                Compare(made, ["dcmcjpeg", process], coded, Samples(plain), tolerance: 1, wrong);
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static void Compare(Made made, string[] arguments, string coded, int[] expected, int tolerance, List<string> wrong)
    {
        var what = $"{made.Name} {string.Join(' ', arguments)}";
        try
        {
            var got = Samples(coded);
            if (got.Length != expected.Length) { wrong.Add($"{what}: {got.Length} samples instead of {expected.Length}"); }
            else if (got.Zip(expected).Max(pair => Math.Abs((long)pair.First - pair.Second)) is var most && most > tolerance) { wrong.Add($"{what}: a sample differs by {most}"); }
        }
        catch (DicomException fault)
        {
            wrong.Add($"{what}: {fault.Message}");
        }
    }

    private static int[] Samples(string path)
    {
        var pixels = DicomPixelData.Create(DicomFile.Open(path));
        return [.. Enumerable.Range(0, pixels.Shape.Frames).SelectMany(frame => pixels.GetFrame(frame).Values)];
    }

    /// <summary>The file as the tool coded it; null where the tool says that it cannot.</summary>
    private string? Coded(string path, string[] arguments)
    {
        var output = Path.Combine(_folder, $"{Guid.NewGuid():N}.dcm");
        return Run(arguments[0], [.. arguments[1..], path, output]) == 0 ? output : null;
    }

    private static int Run(string tool, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{tool}"), $"needs {tool} (Debian package dcmtk)");
        using var process = Process.Start(new ProcessStartInfo($"/usr/bin/{tool}", ["-q", .. arguments]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>A slope, a pattern and some noise over the whole range of values.</summary>
    private (string Path, int[] Samples) Write(Made made)
    {
        var random = new Random(made.Name.Length);
        var (least, range) = (made.Signed ? -(1 << (made.Stored - 1)) : 0, 1 << made.Stored);
        var values = new int[made.Columns * made.Rows * made.Samples * made.Frames];
        for (var n = 0; n < values.Length; n++)
        {
            var slope = (long)n * (range - 1) / Math.Max(1, values.Length - 1);
            values[n] = least + (int)(n % 11 == 0 ? random.Next(range) : (n / 64) % 3 == 0 ? range / 2 : slope);
        }
        var file = new DicomFile(new DicomDataset()
            .AddOrUpdate(DicomTag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7").AddOrUpdate(DicomTag.SOPInstanceUID, DicomUID.Generate().UID).AddOrUpdate(DicomTag.PatientID, "P")
            .AddOrUpdate(DicomTag.Rows, (ushort)made.Rows).AddOrUpdate(DicomTag.Columns, (ushort)made.Columns).AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)made.Samples)
            .AddOrUpdate(DicomTag.PhotometricInterpretation, made.Samples == 3 ? "RGB" : "MONOCHROME2").AddOrUpdate(DicomTag.NumberOfFrames, made.Frames)
            .AddOrUpdate(DicomTag.BitsAllocated, (ushort)made.Allocated).AddOrUpdate(DicomTag.BitsStored, (ushort)made.Stored).AddOrUpdate(DicomTag.HighBit, (ushort)(made.Stored - 1))
            .AddOrUpdate(DicomTag.PixelRepresentation, (ushort)(made.Signed ? 1 : 0)));
        if (made.Samples == 3) { file.Dataset.AddOrUpdate(DicomTag.PlanarConfiguration, (ushort)(made.Planar ? 1 : 0)); }
        var stored = made.Planar ? Planes(values, made) : values;
        var bytes = new DicomFrame(made.Columns, made.Rows, made.Samples, "", stored).ToNative(made.Allocated);
        file.Dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, [.. bytes, .. new byte[bytes.Length % 2]]));
        var path = Path.Combine(_folder, $"{made.Name}.dcm");
        file.Save(path);
        Assert.Equal(values, Samples(path));
        return (path, values);
    }

    private static int[] Planes(int[] pixels, Made made)
    {
        var planes = new int[pixels.Length];
        var size = made.Columns * made.Rows;
        for (var n = 0; n < pixels.Length; n++) { planes[(n % made.Samples * size) + (n / made.Samples)] = pixels[n]; }
        return planes;
    }
}
