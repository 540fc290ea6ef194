using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>Says which fragments make up which frame: by the extended or basic offset table, else by what begins a code stream.</summary>
internal static class EncapsulatedFrames
{
    public static DicomElement[][] Split(DicomFragmentSequence sequence, int frames, DicomDataset dataset)
    {
        var fragments = sequence.Fragments.Where(fragment => fragment.Length > 0).ToArray();
        if (fragments.Length == 0) { throw new DicomException("Pixel Data (7FE0,0010) hold no fragments."); }
        if (frames == 1) { return [fragments]; }
        if (fragments.Length == frames) { return [.. fragments.Select(fragment => new[] { fragment })]; }
        var offsets = Offsets(sequence, dataset);
        return (offsets is { Length: > 1 } && offsets.Length == frames ? ByOffsets(sequence.Fragments, offsets) : null) ?? ByStart(fragments);
    }

    private static ulong[]? Offsets(DicomFragmentSequence sequence, DicomDataset dataset)
    {
        if (dataset.TryGetElement(DicomTag.ExtendedOffsetTable, out var extended) && extended.Length >= 8)
        {
            var span = extended.Span;
            var offsets = new ulong[span.Length / 8];
            for (var i = 0; i < offsets.Length; i++) { offsets[i] = BinaryPrimitives.ReadUInt64LittleEndian(span[(8 * i)..]); }
            return offsets;
        }
        if (sequence.OffsetTable.Length < 8) { return null; }
        var basic = sequence.OffsetTable.Span;
        var table = new ulong[basic.Length / 4];
        for (var i = 0; i < table.Length; i++) { table[i] = BinaryPrimitives.ReadUInt32LittleEndian(basic[(4 * i)..]); }
        return table;
    }

    /// <summary>Null when an offset does not name the start of a fragment: the table is then not believed.</summary>
    private static DicomElement[][]? ByOffsets(IReadOnlyList<DicomElement> fragments, ulong[] offsets)
    {
        var frames = new List<DicomElement>[offsets.Length];
        var frame = -1;
        var at = 0UL;
        foreach (var fragment in fragments)
        {
            if (frame + 1 < offsets.Length && offsets[frame + 1] == at) { frames[++frame] = []; }
            if (frame < 0) { return null; }
            frames[frame].Add(fragment);
            at += 8 + (ulong)fragment.Length;
        }
        return frame + 1 == offsets.Length ? [.. frames.Select(f => f.ToArray())] : null;
    }

    /// <summary>A new frame begins where a fragment begins with the start of a JPEG, JPEG-LS or JPEG 2000 stream.</summary>
    private static DicomElement[][] ByStart(DicomElement[] fragments)
    {
        var frames = new List<List<DicomElement>>();
        Span<byte> head = stackalloc byte[4];
        foreach (var fragment in fragments)
        {
            head.Clear();
            fragment.Read(0, head[..(int)Math.Min(4, fragment.Length)]);
            var starts = head is [0xFF, 0xD8, 0xFF, _] or [0xFF, 0x4F, 0xFF, 0x51] or [0, 0, 0, 0x0C];
            if (starts || frames.Count == 0) { frames.Add([]); }
            frames[^1].Add(fragment);
        }
        return [.. frames.Select(frame => frame.ToArray())];
    }
}
