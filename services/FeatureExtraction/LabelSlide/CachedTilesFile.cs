using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>
/// The blob of <see cref="CachedTiles"/>: magic, key, number of tiles, values of one embedding; column and row of each tile (int32); the embeddings (float32); all little endian. The key inside
/// makes the blob this entry's alone, so that it can be removed with it.
/// </summary>
internal static class CachedTilesFile
{
    private const int Header = 8 + 64 + 8;
    private static readonly byte[] Magic = "BMTILE01"u8.ToArray();

    public static byte[] Write(string key, EncodedTiles tiles)
    {
        var count = tiles.Places.Count;
        var bytes = new byte[Header + (count * 2 * sizeof(int)) + (tiles.Embeddings.Length * sizeof(float))];
        Magic.CopyTo(bytes, 0);
        Encoding.ASCII.GetBytes(key, bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(72), count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(76), tiles.Embeddings.Length / count);
        for (var tile = 0; tile < count; tile++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Header + (8 * tile)), tiles.Places[tile].Column);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Header + (8 * tile) + 4), tiles.Places[tile].Row);
        }
        MemoryMarshal.AsBytes<float>(tiles.Embeddings).CopyTo(bytes.AsSpan(Header + (8 * count)));
        return bytes;
    }

    /// <summary>Null when these are not the bytes of this key, or not embeddings of this length.</summary>
    public static EncodedTiles? Read(byte[] bytes, string key, int length, string provider)
    {
        if (bytes.Length <= Header || !bytes.AsSpan(0, 8).SequenceEqual(Magic) || Encoding.ASCII.GetString(bytes, 8, 64) != key) { return null; }
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(72));
        if (count < 1 || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(76)) != length || bytes.Length != Header + (count * 8L) + (count * (long)length * sizeof(float))) { return null; }
        var places = new (int Column, int Row)[count];
        for (var tile = 0; tile < count; tile++)
        {
            places[tile] = (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Header + (8 * tile))), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Header + (8 * tile) + 4)));
        }
        return new(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(Header + (8 * count))).ToArray(), places, provider);
    }
}
