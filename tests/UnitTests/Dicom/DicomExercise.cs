using BoneMet.Dicom;
using BoneMet.Dicom.Deidentification;

namespace BoneMet.UnitTests.Dicom;

/// <summary>Uses everything that reads bytes from outside: what the mutation tests and the fuzz target (tests/Benchmarks) run on damaged files.</summary>
internal static class DicomExercise
{
    /// <summary>A rendered frame takes some doubles for each sample; larger ones only show that decoding is bounded.</summary>
    private const int MostRendered = 1 << 18;

    private static readonly Deidentifier s_deidentifier = new(DeidentificationOptions.Default, new byte[Pseudonymizer.KeyBytes]);

    /// <exception cref="DicomException">The bytes are refused.</exception>
    public static void Run(byte[] bytes, bool decodeNative)
    {
        var file = DicomFile.Open(bytes, new DicomReadOptions { KeepReadable = true });
        _ = DicomJson.Parse(DicomJson.ToJson(file.Dataset), _ => []);
        file.Dataset.Write(Stream.Null, DicomTransferSyntax.ExplicitVRBigEndian);
        s_deidentifier.Apply(file.Dataset).Dataset.Write(Stream.Null, DicomTransferSyntax.ImplicitVRLittleEndian);
        if (RtStructureSet.Is(file.Dataset)) { _ = RtStructureSet.Read(file.Dataset); }
        if (Segmentation.Is(file.Dataset)) { _ = Segmentation.Read(file); }
        if (!file.Dataset.Contains(DicomTag.PixelData) || (!decodeNative && file.TransferSyntax.Pixels == PixelEncoding.Jpeg2000)) { return; }
        var pixels = DicomPixelData.Create(file);
        if (!decodeNative && IsJpeg2000(pixels)) { return; }
        if (pixels.Shape.SamplesPerFrame <= MostRendered) { _ = DicomRendering.Render(file, 0); }
        else { _ = pixels.GetFrame(0); }
    }

    /// <summary>Decoding by content may lead to the worker process although the syntax says otherwise; that has its own test.</summary>
    private static bool IsJpeg2000(DicomPixelData pixels) => pixels.GetEncodedFrame(0) is [0xFF, 0x4F, ..] or [0, 0, 0, 0x0C, ..];
}
