using BoneMet.Dicom;

namespace BoneMet.UnitTests.Dicom;

/// <summary>Uses everything that reads bytes from outside; the fuzz target does the same.</summary>
internal static class DicomExercise
{
    public static void Run(byte[] bytes, bool decodeNative)
    {
        var file = DicomFile.Open(bytes, new DicomReadOptions { KeepReadable = true });
        DicomJson.Write(Stream.Null, file.Dataset);
        file.Dataset.Write(Stream.Null, DicomTransferSyntax.ExplicitVRLittleEndian);
        if (!file.Dataset.Contains(DicomTag.PixelData) || (!decodeNative && file.TransferSyntax.Pixels == PixelEncoding.Jpeg2000)) { return; }
        var pixels = DicomPixelData.Create(file);
        if (!decodeNative && IsJpeg2000(pixels)) { return; }
        pixels.GetFrame(0);
    }

    /// <summary>Decoding by content may lead to the worker process although the syntax says otherwise; that has its own test.</summary>
    private static bool IsJpeg2000(DicomPixelData pixels) => pixels.GetEncodedFrame(0) is [0xFF, 0x4F, ..] or [0, 0, 0, 0x0C, ..];
}
