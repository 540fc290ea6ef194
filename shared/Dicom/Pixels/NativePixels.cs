using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>Uncompressed samples.</summary>
internal static class NativePixels
{
    /// <summary>Bits of one frame; a frame of one-bit samples may end inside a byte.</summary>
    public static long FrameBits(PixelShape shape) =>
        shape.IsHalfChroma && shape.SamplesPerPixel == 3
            ? (long)shape.Rows * shape.Columns * 2 * shape.BitsAllocated
            : (long)shape.SamplesPerFrame * shape.BitsAllocated;

    /// <summary>Samples of a frame from the bytes that begin with it.</summary>
    public static int[] Unpack(ReadOnlySpan<byte> bytes, int firstBit, PixelShape shape)
    {
        var values = new int[shape.SamplesPerFrame];
        if (shape.IsHalfChroma && shape.SamplesPerPixel == 3)
        {
            UnpackHalfChroma(bytes, shape, values);
            return values;
        }
        switch (shape.BitsAllocated)
        {
            case 1:
                for (var i = 0; i < values.Length; i++)
                {
                    var bit = firstBit + i;
                    values[i] = (bytes[bit >> 3] >> (bit & 7)) & 1;
                }
                break;
            case 8 when shape is { BitsStored: 8, IsSigned: false }:
                for (var i = 0; i < values.Length; i++) { values[i] = bytes[i]; }
                break;
            case 8:
                for (var i = 0; i < values.Length; i++) { values[i] = shape.Value(bytes[i]); }
                break;
            case 12:
                for (var i = 0; i < values.Length; i++)
                {
                    var at = (i >> 1) * 3;
                    values[i] = shape.Value((uint)((i & 1) == 0 ? bytes[at] | ((bytes[at + 1] & 0x0F) << 8) : (bytes[at + 1] >> 4) | (bytes[at + 2] << 4)));
                }
                break;
            case 16:
                for (var i = 0; i < values.Length; i++) { values[i] = shape.Value(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..])); }
                break;
            case 32:
                for (var i = 0; i < values.Length; i++) { values[i] = shape.Value(BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..])); }
                break;
            default:
                throw new DicomException($"integer samples of {shape.BitsAllocated} bits are not supported.");
        }
        return shape is { IsPlanar: true, SamplesPerPixel: > 1 } ? Interleave(values, shape) : values;
    }

    public static int[] Interleave(int[] planes, PixelShape shape)
    {
        var interleaved = new int[planes.Length];
        var pixels = shape.Columns * shape.Rows;
        var samples = shape.SamplesPerPixel;
        for (var s = 0; s < samples; s++)
        {
            for (var i = 0; i < pixels; i++) { interleaved[(i * samples) + s] = planes[(s * pixels) + i]; }
        }
        return interleaved;
    }

    /// <summary>Y1 Y2 Cb Cr for each two pixels (PS3.3 C.7.6.3.1.2); chroma are used for both.</summary>
    private static void UnpackHalfChroma(ReadOnlySpan<byte> bytes, PixelShape shape, int[] values)
    {
        if (shape.BitsAllocated != 8) { throw new DicomException($"{shape.Photometric} with {shape.BitsAllocated} bits is not supported."); }
        var pixels = shape.Columns * shape.Rows;
        for (var i = 0; i < pixels; i++)
        {
            var pair = (i >> 1) * 4;
            values[3 * i] = bytes[pair + (i & 1)];
            values[(3 * i) + 1] = bytes[pair + 2];
            values[(3 * i) + 2] = bytes[pair + 3];
        }
    }
}
