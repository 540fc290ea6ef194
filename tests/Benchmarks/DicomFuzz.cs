using BoneMet.Dicom;
using SharpFuzz;

namespace BoneMet.Benchmarks;

/// <summary>
/// The SharpFuzz target for long runs: everything that reads bytes from outside. Instrument BoneMet.Dicom.dll with the sharpfuzz tool, then run
/// <c>afl-fuzz -i seeds -o findings -- dotnet BoneMet.Benchmarks.dll fuzz-dicom</c>. With a file as argument it replays that one.
/// </summary>
internal static class DicomFuzz
{
    public static int Run(string[] args)
    {
        if (args.Length > 0)
        {
            foreach (var path in args) { Exercise(File.ReadAllBytes(path)); }
            return 0;
        }
        Fuzzer.OutOfProcess.Run((Stream stream) =>
        {
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            Exercise(memory.ToArray());
        });
        return 0;
    }

    private static void Exercise(byte[] bytes)
    {
        try
        {
            var file = DicomFile.Open(bytes, new DicomReadOptions { KeepReadable = true });
            var json = DicomJson.ToJson(file.Dataset);
            DicomJson.Parse(json, _ => []);
            file.Dataset.Write(Stream.Null, DicomTransferSyntax.ExplicitVRBigEndian);
            if (file.Dataset.Contains(DicomTag.PixelData)) { DicomPixelData.Create(file).GetFrame(0); }
        }
        catch (DicomException)
        {
            // A typed refusal is what damaged bytes must lead to; anything else is a finding.
            return;
        }
    }
}
