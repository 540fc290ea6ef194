namespace BoneMet.Dicom;

/// <summary>Compressed frames: picks the decoder by what the code stream is, after its size has been compared with the description.</summary>
internal static class FrameCodec
{
    public static (int[] Values, string Photometric) Decode(byte[] stream, PixelShape shape, PixelEncoding declared)
    {
        if (stream is [0xFF, 0xD8, ..])
        {
            var kind = JpegMarkers.FrameKind(stream);
            return kind == 0xF7 ? (JpegLsDecoder.Decode(stream, shape), shape.Photometric) : JpegDecoder.Decode(stream, shape);
        }
        if (stream is [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 0x0C, 0x6A, 0x50, ..]) { return Jpeg2000Decoder.Decode(stream, shape); }
        throw new DicomException($"the frame is declared as {declared} but its {stream.Length} bytes begin no such code stream.");
    }
}
