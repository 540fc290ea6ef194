using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>
/// A decoded frame: stored values (before rescale and windows), interleaved by pixel, rows from top to bottom. Samples are sign-extended
/// from Bits Stored; unsigned ones of 32 bits keep their bit pattern.
/// </summary>
public sealed record DicomFrame(int Columns, int Rows, int SamplesPerPixel, string Photometric, int[] Values)
{
    /// <summary>A frame in RGB, 8 bits, converted from YBR or left as it is.</summary>
    public DicomFrame ToRgb() => SamplesPerPixel == 3 && Photometric.StartsWith("YBR_FULL", StringComparison.Ordinal) ? this with { Photometric = "RGB", Values = PixelColour.YbrFullToRgb(Values) } : this;

    /// <summary>The samples as native pixel data hold them: little endian, interleaved, in as many bytes as Bits Allocated needs; single bits are packed.</summary>
    public byte[] ToNative(int bitsAllocated)
    {
        if (bitsAllocated == 1)
        {
            var packed = new byte[(Values.Length + 7) / 8];
            for (var i = 0; i < Values.Length; i++) { packed[i >> 3] |= (byte)((Values[i] & 1) << (i & 7)); }
            return packed;
        }
        var size = bitsAllocated switch { <= 8 => 1, <= 16 => 2, _ => 4 };
        var bytes = new byte[(long)Values.Length * size];
        for (var i = 0; i < Values.Length; i++)
        {
            if (size == 1) { bytes[i] = (byte)Values[i]; }
            else if (size == 2) { BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)Values[i]); }
            else { BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), Values[i]); }
        }
        return bytes;
    }
}
