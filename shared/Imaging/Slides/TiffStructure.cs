using System.Buffers.Binary;
using System.Text;

namespace BoneMet.Imaging.Slides;

/// <summary>
/// The directories of a TIFF or BigTIFF file, read with every offset, count and size checked against the file before a decoder is let near it. Tells apart what is no TIFF,
/// what is cut off, and what asks for more than a slide can be.
/// </summary>
internal sealed class TiffStructure
{
    private const int MaxEntries = 4096;
    private const int MaxText = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _bigEndian;
    private readonly bool _bigTiff;
    private readonly HashSet<ulong> _seen = [];
    private readonly List<TiffDirectory> _directories = [];

    private TiffStructure(Stream stream, bool bigEndian, bool bigTiff) => (_stream, _bigEndian, _bigTiff) = (stream, bigEndian, bigTiff);

    /// <summary>True when the first bytes are those of a TIFF or BigTIFF file.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && (start[..4].SequenceEqual("II*\0"u8) || start[..4].SequenceEqual("MM\0*"u8) || start[..4].SequenceEqual("II+\0"u8) || start[..4].SequenceEqual("MM\0+"u8));

    /// <exception cref="SlideException">The file is not a TIFF, is cut off, or its structure cannot be true.</exception>
    public static IReadOnlyList<TiffDirectory> Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[16];
        stream.Position = 0;
        var got = stream.ReadAtLeast(start, 16, throwOnEndOfStream: false);
        if (!HasMagic(start[..got])) { throw new SlideException(SlideException.NotASlide, "the file is not a TIFF image"); }
        var bigEndian = start[0] == 'M';
        var bigTiff = start[bigEndian ? 3 : 2] == '+';
        if (got < (bigTiff ? 16 : 8)) { throw CutOff("its header"); }
        var structure = new TiffStructure(stream, bigEndian, bigTiff);
        if (bigTiff && (structure.UInt16(start[4..]) != 8 || structure.UInt16(start[6..]) != 0)) { throw Impossible("its BigTIFF header"); }
        structure.ReadChain(bigTiff ? structure.UInt64(start[8..]) : structure.UInt32(start[4..]));
        return structure._directories;
    }

    private sealed record Entry(ushort Tag, ushort Type, ulong Count, byte[] Value);

    private void ReadChain(ulong offset)
    {
        for (var page = 0; offset != 0; page++)
        {
            offset = ReadDirectory(offset, page, -1, out var subImages);
            for (var n = 0; n < subImages.Length; n++) { ReadDirectory(subImages[n], page, n, out _); }
        }
        if (_directories.Count == 0) { throw new SlideException(SlideException.NotASlide, "the TIFF file holds no image"); }
    }

    private ulong ReadDirectory(ulong offset, int page, int subImage, out ulong[] subImages)
    {
        if (!_seen.Add(offset)) { throw Impossible("its list of images, which runs in a circle"); }
        if (_seen.Count > SlideLimits.MaxDirectories) { throw new SlideException(SlideException.TooLarge, $"the TIFF file holds more than {SlideLimits.MaxDirectories} images"); }

        var (countSize, entrySize, nextSize) = _bigTiff ? (8, 20, 8) : (2, 12, 4);
        var head = Bytes(offset, countSize, "the directory of an image");
        var count = _bigTiff ? UInt64(head) : UInt16(head);
        if (count is 0 or > MaxEntries) { throw Impossible("the directory of an image"); }
        var body = Bytes(offset + (ulong)countSize, ((int)count * entrySize) + nextSize, "the directory of an image");
        var entries = new Dictionary<ushort, Entry>();
        for (var n = 0; n < (int)count; n++)
        {
            var raw = body.AsSpan(n * entrySize, entrySize);
            var entry = new Entry(UInt16(raw), UInt16(raw[2..]), _bigTiff ? UInt64(raw[4..]) : UInt32(raw[4..]), raw[(_bigTiff ? 12 : 8)..].ToArray());
            CheckValue(entry);
            entries.TryAdd(entry.Tag, entry);
        }
        var directory = Describe(entries, page, subImage);
        CheckSegments(directory, entries);
        _directories.Add(directory);
        subImages = entries.TryGetValue(330, out var sub) && subImage < 0 ? Numbers(sub, SlideLimits.MaxDirectories, "the list of sub-images") : [];
        var tail = body.AsSpan((int)count * entrySize);
        return _bigTiff ? UInt64(tail) : UInt32(tail);
    }

    /// <summary>Values that stand elsewhere in the file (tables of JPEG codes, profiles, texts) must lie inside it.</summary>
    private void CheckValue(Entry entry)
    {
        var size = entry.Type switch { 1 or 2 or 6 or 7 => 1, 3 or 8 => 2, 4 or 9 or 11 or 13 => 4, 5 or 10 or 12 or 16 or 17 or 18 => 8, _ => 0 };
        var bytes = (Int128)entry.Count * size;
        if (bytes > entry.Value.Length && Offset(entry) + bytes > _stream.Length) { throw CutOff($"the field {entry.Tag} of an image"); }
    }

    private TiffDirectory Describe(Dictionary<ushort, Entry> entries, int page, int subImage)
    {
        long Number(ushort tag, long missing)
        {
            if (!entries.TryGetValue(tag, out var entry)) { return missing; }
            var values = Numbers(entry, 4096, $"the field {tag} of an image");
            return values.Length == 0 || values[0] > long.MaxValue ? throw Impossible($"the field {tag} of an image") : (long)values[0];
        }
        int Small(ushort tag, int missing) => (int)Math.Min(Number(tag, missing), int.MaxValue);

        var directory = new TiffDirectory
        {
            Page = page,
            SubImage = subImage,
            Width = Number(256, 0),
            Height = Number(257, 0),
            TileWidth = Number(322, 0),
            TileHeight = Number(323, 0),
            Compression = Small(259, 1),
            Photometric = Small(262, -1),
            Samples = Small(277, 1),
            BitsPerSample = Small(258, 1),
            Planar = Small(284, 1),
            SampleFormat = Small(339, 1),
            XResolution = Rational(entries, 282),
            YResolution = Rational(entries, 283),
            ResolutionUnit = Small(296, 2),
            Description = Text(entries, 270),
        };
        if (directory.Width < 1 || directory.Height < 1) { throw Impossible("the size of an image"); }
        if (directory.Width > SlideLimits.MaxEdge || directory.Height > SlideLimits.MaxEdge || (Int128)directory.Width * directory.Height > SlideLimits.MaxPixels)
        {
            throw new SlideException(SlideException.TooLarge, $"an image of {directory.Width} x {directory.Height} pixels is beyond what a slide can be ({SlideLimits.MaxEdge} per edge, {SlideLimits.MaxPixels} in all)");
        }
        if ((directory.TileWidth > 0) != (directory.TileHeight > 0)) { throw Impossible("the tile size of an image"); }
        if (directory.TileWidth > SlideLimits.MaxTileEdge || directory.TileHeight > SlideLimits.MaxTileEdge)
        {
            throw new SlideException(SlideException.TooLarge, $"tiles of {directory.TileWidth} x {directory.TileHeight} pixels are beyond the limit of {SlideLimits.MaxTileEdge}");
        }
        return directory;
    }

    /// <summary>Every tile (or strip) must lie inside the file: the one sure sign of an upload that was cut off.</summary>
    private void CheckSegments(TiffDirectory directory, Dictionary<ushort, Entry> entries)
    {
        var (offsetTag, countTag) = directory.IsTiled ? ((ushort)324, (ushort)325) : ((ushort)273, (ushort)279);
        if (!entries.TryGetValue(offsetTag, out var offsets) || !entries.TryGetValue(countTag, out var counts)) { throw Impossible("an image without data"); }
        if (offsets.Count != counts.Count) { throw Impossible("the tables of tile positions and sizes, which differ in length"); }
        if (directory.IsTiled)
        {
            var expected = directory.TilesAcross * directory.TilesDown * (directory.Planar == 2 ? directory.Samples : 1);
            if (offsets.Count != (ulong)expected) { throw Impossible("the table of tile positions, which does not fit the size of the image"); }
        }
        else if (offsets.Count > (ulong)directory.Height * (ulong)Math.Max(1, directory.Samples)) { throw Impossible("the table of strip positions"); }

        const int Chunk = 8192;
        for (ulong first = 0; first < offsets.Count; first += Chunk)
        {
            var length = (int)Math.Min(Chunk, offsets.Count - first);
            var position = Numbers(offsets, first, length, "the table of tile positions");
            var size = Numbers(counts, first, length, "the table of tile sizes");
            for (var n = 0; n < length; n++)
            {
                if (size[n] > (ulong)SlideLimits.MaxTileBytes && directory.IsTiled) { throw new SlideException(SlideException.TooLarge, $"a tile of {size[n]} bytes is beyond the limit of {SlideLimits.MaxTileBytes}"); }
                if (size[n] > 0 && (position[n] > (ulong)_stream.Length || size[n] > (ulong)_stream.Length - position[n])) { throw CutOff($"a tile at byte {position[n]}"); }
            }
        }
    }

    private double Rational(Dictionary<ushort, Entry> entries, ushort tag)
    {
        if (!entries.TryGetValue(tag, out var entry) || entry.Type != 5 || entry.Count < 1) { return 0; }
        var raw = _bigTiff ? entry.Value : Bytes(UInt32(entry.Value), 8, "the resolution of an image");
        var denominator = UInt32(raw.AsSpan(4));
        return denominator == 0 ? 0 : (double)UInt32(raw) / denominator;
    }

    private string Text(Dictionary<ushort, Entry> entries, ushort tag)
    {
        if (!entries.TryGetValue(tag, out var entry) || entry.Type != 2 || entry.Count == 0) { return ""; }
        var length = (int)Math.Min(entry.Count, MaxText);
        var raw = length <= entry.Value.Length && entry.Count <= (ulong)entry.Value.Length ? entry.Value.AsSpan(0, length) : Bytes(Offset(entry), length, "the description of an image");
        return Encoding.Latin1.GetString(raw).TrimEnd('\0', ' ');
    }

    private ulong[] Numbers(Entry entry, int limit, string what)
    {
        if (entry.Count > (ulong)limit) { throw Impossible(what); }
        return Numbers(entry, 0, (int)entry.Count, what);
    }

    private ulong[] Numbers(Entry entry, ulong first, int length, string what)
    {
        var size = entry.Type switch { 1 or 6 or 7 => 1, 3 or 8 => 2, 4 or 9 or 13 => 4, 16 or 17 or 18 => 8, _ => throw Impossible(what) };
        var inline = entry.Count <= (ulong)(entry.Value.Length / size);
        var raw = inline ? entry.Value.AsSpan((int)first * size, length * size) : Bytes(checked(Offset(entry) + (first * (ulong)size)), length * size, what);
        var values = new ulong[length];
        for (var n = 0; n < length; n++)
        {
            var value = raw[(n * size)..];
            values[n] = size switch { 1 => value[0], 2 => UInt16(value), 4 => UInt32(value), _ => UInt64(value) };
        }
        return values;
    }

    private ulong Offset(Entry entry) => _bigTiff ? UInt64(entry.Value) : UInt32(entry.Value);

    private byte[] Bytes(ulong offset, int length, string what)
    {
        if (offset > (ulong)_stream.Length || (ulong)length > (ulong)_stream.Length - offset) { throw CutOff(what); }
        var bytes = new byte[length];
        _stream.Position = (long)offset;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private ushort UInt16(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint UInt32(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ulong UInt64(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static SlideException CutOff(string what) => new(SlideException.Truncated, $"the file is cut off: {what} lies beyond its end");

    private static SlideException Impossible(string what) => new(SlideException.Damaged, $"the TIFF file is damaged: {what} cannot be right");
}
