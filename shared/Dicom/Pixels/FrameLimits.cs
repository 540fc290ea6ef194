namespace BoneMet.Dicom;

/// <summary>Codings without a fixed smallest size: more output than any sensible image needs from so little input is a bomb.</summary>
internal static class FrameLimits
{
    private const long AlwaysAllowed = 16L << 20;
    private const long MaxSamplesPerByte = 2000;

    public static void Check(string coding, int length, PixelShape shape)
    {
        if (shape.SamplesPerFrame > AlwaysAllowed && shape.SamplesPerFrame > MaxSamplesPerByte * length)
        {
            throw new DicomException($"a {coding} stream of {length} bytes claims {shape.SamplesPerFrame} samples: refused as a decompression bomb.");
        }
    }
}
