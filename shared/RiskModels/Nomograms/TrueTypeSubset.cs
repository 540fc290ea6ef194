using System.Buffers.Binary;

namespace BoneMet.RiskModels;

/// <summary>
/// A TrueType font with the outlines of some glyphs only. Glyph numbers stay, so character map and widths hold as they are; outlines that are not drawn become empty.
/// </summary>
/// <remarks>OpenType 1.9, tables <c>glyf</c>, <c>loca</c>, <c>head</c>. Skia embeds a font as it is given, and a Chinese one is 5 MB.</remarks>
internal static class TrueTypeSubset
{
    private const uint Collection = 0x74746366; // 'ttcf'
    private const int NotDefined = 0;
    private static readonly string[] Kept = ["OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post", "prep"];

    /// <summary>The font file with the outlines of <paramref name="glyphs"/>; null where the outlines are not TrueType's (CFF) or the file is not what it says.</summary>
    public static byte[]? Keep(byte[] file, int face, IEnumerable<ushort> glyphs)
    {
        try
        {
            return Tables(file, face) is { } tables && tables.ContainsKey("glyf") ? Write(file, tables, glyphs) : null;
        }
        catch (Exception fault) when (fault is ArgumentOutOfRangeException or KeyNotFoundException or IndexOutOfRangeException)
        {
            // A table that reaches beyond the file: the font is embedded whole, as Skia reads it.
            return null;
        }
    }

    private static Dictionary<string, Range>? Tables(byte[] file, int face)
    {
        var at = U32(file, 0) == Collection ? (int)U32(file, 12 + (4 * face)) : 0;
        var count = U16(file, at + 4);
        var tables = new Dictionary<string, Range>(count);
        for (var i = 0; i < count; i++)
        {
            var record = at + 12 + (16 * i);
            var start = (int)U32(file, record + 8);
            tables[System.Text.Encoding.Latin1.GetString(file, record, 4)] = start..(start + (int)U32(file, record + 12));
        }
        return tables;
    }

    private static byte[] Write(byte[] file, Dictionary<string, Range> tables, IEnumerable<ushort> glyphs)
    {
        var head = file.AsSpan(tables["head"]).ToArray();
        var isLong = U16(head, 50) == 1;
        var loca = file.AsSpan(tables["loca"]).ToArray();
        var glyf = file.AsSpan(tables["glyf"]).ToArray();
        var total = U16(file, tables["maxp"].Start.Value + 4);
        Range Outline(int glyph) => isLong ? (int)U32(loca, 4 * glyph)..(int)U32(loca, (4 * glyph) + 4) : (2 * U16(loca, 2 * glyph))..(2 * U16(loca, (2 * glyph) + 2));

        var wanted = new SortedSet<int>();
        var open = new Stack<int>(glyphs.Select(glyph => (int)glyph).Append(NotDefined));
        while (open.TryPop(out var glyph))
        {
            if (glyph >= total || !wanted.Add(glyph)) { continue; }
            foreach (var part in Components(glyf.AsSpan(Outline(glyph)))) { open.Push(part); }
        }

        var outlines = new MemoryStream();
        var places = new byte[4 * (total + 1)];
        for (var glyph = 0; glyph < total; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(places.AsSpan(4 * glyph), (uint)outlines.Length);
            if (!wanted.Contains(glyph)) { continue; }
            outlines.Write(glyf.AsSpan(Outline(glyph)));
            while (outlines.Length % 4 != 0) { outlines.WriteByte(0); }
        }
        BinaryPrimitives.WriteUInt32BigEndian(places.AsSpan(4 * total), (uint)outlines.Length);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(50), 1);

        var parts = new List<(string Tag, byte[] Content)>();
        foreach (var tag in Kept)
        {
            if (tag is "glyf") { parts.Add((tag, outlines.ToArray())); }
            else if (tag is "loca") { parts.Add((tag, places)); }
            else if (tag is "head") { parts.Add((tag, head)); }
            else if (tables.TryGetValue(tag, out var range)) { parts.Add((tag, tag is "post" ? WithoutGlyphNames(file.AsSpan(range)) : file.AsSpan(range).ToArray())); }
        }
        return Assemble(parts);
    }

    /// <summary>The glyphs that a composite outline is made of.</summary>
    private static List<int> Components(ReadOnlySpan<byte> outline)
    {
        const int wordArguments = 0x0001, scale = 0x0008, more = 0x0020, twoScales = 0x0040, matrix = 0x0080;
        var parts = new List<int>();
        if (outline.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) { return parts; }
        var at = 10;
        int flags;
        do
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            parts.Add(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]));
            at += 4 + ((flags & wordArguments) != 0 ? 4 : 2) + ((flags & scale) != 0 ? 2 : (flags & twoScales) != 0 ? 4 : (flags & matrix) != 0 ? 8 : 0);
        }
        while ((flags & more) != 0);
        return parts;
    }

    /// <summary>Format 3 of the table: the 32 bytes that every format begins with, and no names.</summary>
    private static byte[] WithoutGlyphNames(ReadOnlySpan<byte> post)
    {
        var shorter = post[..32].ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(shorter, 0x00030000);
        return shorter;
    }

    private static byte[] Assemble(List<(string Tag, byte[] Content)> parts)
    {
        var length = 12 + (16 * parts.Count) + parts.Sum(part => Padded(part.Content.Length));
        var font = new byte[length];
        var power = System.Numerics.BitOperations.Log2((uint)parts.Count);
        BinaryPrimitives.WriteUInt32BigEndian(font, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(4), (ushort)parts.Count);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(6), (ushort)(16 << power));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(10), (ushort)((16 * parts.Count) - (16 << power)));
        var at = 12 + (16 * parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            var (tag, content) = parts[i];
            content.CopyTo(font, at);
            var record = font.AsSpan(12 + (16 * i));
            System.Text.Encoding.Latin1.GetBytes(tag, record);
            BinaryPrimitives.WriteUInt32BigEndian(record[4..], Sum(font.AsSpan(at, Padded(content.Length))));
            BinaryPrimitives.WriteUInt32BigEndian(record[8..], (uint)at);
            BinaryPrimitives.WriteUInt32BigEndian(record[12..], (uint)content.Length);
            at += Padded(content.Length);
        }
        return font;
    }

    private static uint Sum(ReadOnlySpan<byte> words)
    {
        var sum = 0u;
        for (var i = 0; i < words.Length; i += 4) { sum += BinaryPrimitives.ReadUInt32BigEndian(words[i..]); }
        return sum;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
