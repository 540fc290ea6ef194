using System.Buffers.Binary;
using System.IO.Compression;

namespace BoneMet.Dicom;

/// <summary>Writes 8-bit grey and RGB images as PNG.</summary>
public static class Png
{
    private static readonly uint[] s_crc = MakeTable();

    public static void Write(Stream output, RenderedFrame frame)
    {
        output.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, frame.Columns);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), frame.Rows);
        (header[8], header[9]) = (8, (byte)(frame.SamplesPerPixel == 3 ? 2 : 0));
        Chunk(output, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var compress = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var stride = frame.Columns * frame.SamplesPerPixel;
            for (var y = 0; y < frame.Rows; y++)
            {
                compress.WriteByte(0);
                compress.Write(frame.Bytes, y * stride, stride);
            }
        }
        Chunk(output, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        Chunk(output, "IEND"u8, []);
    }

    private static void Chunk(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        output.Write(word);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(data, Crc(type, uint.MaxValue)));
        output.Write(word);
    }

    private static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (var b in data) { crc = s_crc[(crc ^ b) & 0xFF] ^ (crc >> 8); }
        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var n = 0u; n < 256; n++)
        {
            var c = n;
            for (var k = 0; k < 8; k++) { c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1; }
            table[n] = c;
        }
        return table;
    }
}
