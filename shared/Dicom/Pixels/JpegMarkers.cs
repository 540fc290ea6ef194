namespace BoneMet.Dicom;

internal static class JpegMarkers
{
    /// <summary>Second byte of the start-of-frame marker (0xC0 baseline … 0xC3 lossless, 0xF7 JPEG-LS), or 0 when there is none.</summary>
    public static int FrameKind(ReadOnlySpan<byte> stream)
    {
        for (var at = 2; at + 4 <= stream.Length;)
        {
            if (stream[at] != 0xFF)
            {
                at++;
                continue;
            }
            var marker = stream[at + 1];
            if (IsFrame(marker)) { return marker; }
            if (marker == 0xDA) { return 0; }
            at += marker is 0xFF ? 1 : marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD9) ? 2 : 2 + ((stream[at + 2] << 8) | stream[at + 3]);
        }
        return 0;
    }

    public static bool IsFrame(byte marker) => marker is (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) or 0xF7;
}
