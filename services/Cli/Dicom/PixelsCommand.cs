using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BoneMet.Dicom;

namespace BoneMet.Cli.Dicom;

internal static class PixelsCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "DICOM files", Arity = ArgumentArity.OneOrMore };
        var frame = new Option<int?>("--frame") { Description = "Only this frame, counted from 1" };
        var hash = new Option<bool>("--values-sha256") { Description = "SHA-256 of all samples as 32-bit little endian integers, frames in order, interleaved by pixel" };
        var png = new Option<string?>("--png") { Description = "Write the frame (the first, unless --frame) as shown: window, palette and colour applied" };
        var raw = new Option<string?>("--raw") { Description = "Write the decoded samples, little endian, in as many bytes as Bits Allocated needs" };
        var command = new Command("pixels", "Decode pixel data") { files, frame, hash, png, raw };
        command.SetAction(parsed => Run(parsed.GetValue(files)!, parsed.GetValue(frame), parsed.GetValue(hash), parsed.GetValue(png), parsed.GetValue(raw)));
        return command;
    }

    private static int Run(string[] paths, int? frame, bool hash, string? png, string? raw)
    {
        if (paths.Length > 1 && (png ?? raw) is not null)
        {
            Console.Error.WriteLine("bonemet: --png and --raw take one file.");
            return 2;
        }
        return DicomFiles.ForEach(paths, path =>
        {
            var file = DicomFile.Open(path, new DicomReadOptions { KeepReadable = true });
            if (file.Fault is { } fault) { DicomFiles.Report(path, fault.Message); }
            if (file.Dataset.Count == 0 && file.Fault is not null) { throw file.Fault; }
            var pixels = DicomPixelData.Create(file);
            var frames = Frames(pixels.Shape, frame);
            if (png is not null) { WritePng(file, frames.Start, png); }
            if (raw is not null) { WriteRaw(pixels, frames, raw); }
            if (hash) { Console.WriteLine($"{Hash(pixels, frames)}  {path}"); }
            if (!hash && png is null && raw is null) { Describe(path, file, pixels, frames); }
            if (pixels.Warning is { } warning && file.Fault is null) { DicomFiles.Report(path, warning); }
        });
    }

    private static (int Start, int Count) Frames(PixelShape shape, int? frame)
    {
        if (frame is not { } number) { return (0, shape.Frames); }
        return number >= 1 && number <= shape.Frames ? (number - 1, 1) : throw new DicomException($"frame {number} was asked for; the object has {shape.Frames}.");
    }

    private static string Hash(DicomPixelData pixels, (int Start, int Count) frames)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var f = frames.Start; f < frames.Start + frames.Count; f++)
        {
            if (pixels.IsFloat) { hash.AppendData(FloatBytes(pixels, f)); }
            else { hash.AppendData(MemoryMarshal.AsBytes(pixels.GetFrame(f).Values.AsSpan())); }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] FloatBytes(DicomPixelData pixels, int frame) => pixels.GetEncodedFrame(frame);

    private static void WriteRaw(DicomPixelData pixels, (int Start, int Count) frames, string path)
    {
        using var output = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        // Single bits are written as bytes: a raw file has no Bits Allocated beside it.
        var bits = Math.Max(8, pixels.Shape.BitsAllocated);
        for (var f = frames.Start; f < frames.Start + frames.Count; f++) { output.Write(pixels.IsFloat ? FloatBytes(pixels, f) : pixels.GetFrame(f).ToNative(bits)); }
    }

    private static void WritePng(DicomFile file, int frame, string path)
    {
        var rendered = DicomRendering.Render(file, frame);
        using var output = new FileStream(path, FileMode.Create, FileAccess.Write);
        Png.Write(output, rendered);
    }

    private static void Describe(string path, DicomFile file, DicomPixelData pixels, (int Start, int Count) frames)
    {
        var shape = pixels.Shape;
        Console.WriteLine($"{path}: {shape.Columns} x {shape.Rows}, {shape.Frames} frame(s), {shape.SamplesPerPixel} sample(s) of {shape.BitsStored} bits{(shape.IsSigned ? " signed" : "")}, {shape.Photometric}, {file.TransferSyntax.Name}");
        for (var f = frames.Start; f < frames.Start + frames.Count; f++)
        {
            if (pixels.IsFloat)
            {
                var floats = pixels.GetFloatFrame(f);
                Console.WriteLine($"  frame {f + 1}: {floats.Min()} to {floats.Max()}, mean {floats.Average():0.######}");
                continue;
            }
            var values = pixels.GetFrame(f).Values;
            Console.WriteLine($"  frame {f + 1}: {values.Min()} to {values.Max()}, mean {values.Average():0.######}");
        }
    }
}
