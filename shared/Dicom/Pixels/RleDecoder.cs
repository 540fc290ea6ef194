using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>RLE (PS3.5 Annex G): byte planes, most significant first, each packed with PackBits.</summary>
internal static class RleDecoder
{
    public static int[] Decode(ReadOnlySpan<byte> data, PixelShape shape)
    {
        var bytesPerSample = (shape.BitsAllocated + 7) / 8;
        var planes = bytesPerSample * shape.SamplesPerPixel;
        if (data.Length < 64) { throw new DicomException($"an RLE frame of {data.Length} bytes has no room for its header."); }
        var count = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (count != planes) { throw new DicomException($"an RLE frame has {count} segments; {planes} are needed."); }
        var pixels = shape.Columns * shape.Rows;
        var least = (long)pixels * planes / 64;
        if (data.Length - 64 < least - (2 * planes)) { throw new DicomException($"an RLE frame of {data.Length} bytes cannot hold {shape.Columns} x {shape.Rows} pixels."); }

        var plane = GC.AllocateUninitializedArray<byte>(pixels);
        var words = new int[shape.SamplesPerFrame];
        for (var p = 0; p < planes; p++)
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(data[(4 + (4 * p))..]);
            var end = p + 1 < planes ? BinaryPrimitives.ReadUInt32LittleEndian(data[(8 + (4 * p))..]) : (uint)data.Length;
            if (start < 64 || start > data.Length || end < start || end > data.Length) { throw new DicomException($"RLE segment {p + 1} runs from byte {start} to {end} of {data.Length}."); }
            Unpack(data[(int)start..(int)end], plane, p + 1);
            var sample = p / bytesPerSample;
            var shift = 8 * (bytesPerSample - 1 - (p % bytesPerSample));
            for (var i = 0; i < pixels; i++) { words[(i * shape.SamplesPerPixel) + sample] |= plane[i] << shift; }
        }
        for (var i = 0; i < words.Length; i++) { words[i] = shape.Value((uint)words[i]); }
        return words;
    }

    private static void Unpack(ReadOnlySpan<byte> packed, Span<byte> plane, int segment)
    {
        var at = 0;
        var filled = 0;
        while (filled < plane.Length)
        {
            if (at >= packed.Length) { throw new DicomException($"RLE segment {segment} ends after {filled} of {plane.Length} bytes."); }
            var control = (sbyte)packed[at++];
            if (control == -128) { continue; }
            if (control >= 0)
            {
                var literal = Math.Min(control + 1, plane.Length - filled);
                if (at + literal > packed.Length) { throw new DicomException($"RLE segment {segment} ends inside a run of literal bytes."); }
                packed.Slice(at, literal).CopyTo(plane[filled..]);
                at += control + 1;
                filled += literal;
            }
            else
            {
                if (at >= packed.Length) { throw new DicomException($"RLE segment {segment} ends inside a run."); }
                var run = Math.Min(1 - control, plane.Length - filled);
                plane.Slice(filled, run).Fill(packed[at++]);
                filled += run;
            }
        }
    }
}
