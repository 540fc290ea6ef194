using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>JPEG 2000 and HTJ2K: the code stream's header is read and compared here; OpenJPEG decodes it in a worker process.</summary>
internal static class Jpeg2000Decoder
{
    public static (int[] Values, string Photometric) Decode(byte[] data, PixelShape shape)
    {
        var stream = CodeStream(data);
        if (stream.Length < 51 || stream[2] != 0xFF || stream[3] != 0x51) { throw new DicomException("the JPEG 2000 stream has no size marker."); }
        var size = stream[8..];
        long x1 = U32(size), y1 = U32(size[4..]), x0 = U32(size[8..]), y0 = U32(size[12..]);
        long tileWidth = U32(size[16..]), tileHeight = U32(size[20..]), tileX = U32(size[24..]), tileY = U32(size[28..]);
        var count = BinaryPrimitives.ReadUInt16BigEndian(size[32..]);
        if (x1 - x0 != shape.Columns || y1 - y0 != shape.Rows || count != shape.SamplesPerPixel)
        {
            throw new DicomException($"the JPEG 2000 stream is {x1 - x0} x {y1 - y0} with {count} component(s); the object says {shape.Columns} x {shape.Rows} with {shape.SamplesPerPixel}.");
        }
        if (stream.Length < 42 + (3 * count)) { throw new DicomException("the JPEG 2000 stream's size marker is cut short."); }
        if (tileWidth < 1 || tileHeight < 1 || tileX > x0 || tileY > y0) { throw new DicomException($"the JPEG 2000 stream has tiles of {tileWidth} x {tileHeight}."); }
        var tiles = ((x1 - tileX + tileWidth - 1) / tileWidth) * ((y1 - tileY + tileHeight - 1) / tileHeight);
        // Every tile needs at least its start (12 bytes) and start-of-data marker (2 bytes).
        if (tiles > 65535 || tiles * 14 > stream.Length) { throw new DicomException($"the JPEG 2000 stream of {stream.Length} bytes claims {tiles} tiles."); }
        for (var i = 0; i < count; i++)
        {
            var bits = (size[34 + (3 * i)] & 0x7F) + 1;
            if (bits > 32 || (shape.BitsAllocated > 1 && bits > shape.BitsAllocated)) { throw new DicomException($"the JPEG 2000 stream has {bits} bits; the object allocates {shape.BitsAllocated}."); }
            if (size[35 + (3 * i)] < 1 || size[36 + (3 * i)] < 1) { throw new DicomException($"JPEG 2000 component {i + 1} has a sampling of zero."); }
        }
        FrameLimits.Check("JPEG 2000", stream.Length, shape);
        var values = CodecWorker.Decode(stream, shape);
        for (var i = 0; i < values.Length; i++) { values[i] = shape.Value((uint)values[i]); }
        var converted = count == 3 && (HasColourTransform(stream) || shape.Photometric is "YBR_RCT" or "YBR_ICT");
        return (values, converted ? "RGB" : shape.Photometric);
    }

    /// <summary>The bare code stream: what some writers wrap in a JP2 file although DICOM forbids it is taken out.</summary>
    private static ReadOnlySpan<byte> CodeStream(byte[] data)
    {
        if (data is not [0, 0, 0, 0x0C, ..]) { return data; }
        for (long at = 0; at + 8 <= data.Length;)
        {
            long length = U32(data.AsSpan((int)at));
            var header = 8;
            if (length == 1 && at + 16 <= data.Length)
            {
                length = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(data.AsSpan((int)at + 8)), long.MaxValue);
                header = 16;
            }
            if (data.AsSpan((int)at + 4, 4).SequenceEqual("jp2c"u8)) { return data.AsSpan((int)at + header); }
            if (length < header || length > data.Length) { break; }
            at += length;
        }
        throw new DicomException("the JP2 file in the frame holds no code stream.");
    }

    private static bool HasColourTransform(ReadOnlySpan<byte> stream)
    {
        for (var at = 2; at + 9 < stream.Length && stream[at] == 0xFF && stream[at + 1] != 0x90;)
        {
            if (stream[at + 1] == 0x52) { return stream[at + 8] == 1; }
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 2)..]);
        }
        return false;
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
