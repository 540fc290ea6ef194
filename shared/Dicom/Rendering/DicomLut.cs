using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>A lookup table of a Modality LUT, VOI LUT or palette (PS3.3 C.11.1.1, C.7.6.3.1.5, segmented C.7.9.2).</summary>
internal sealed class DicomLut
{
    private const int MaxSegmentDepth = 2;

    private readonly int[] _entries;
    private readonly int _first;

    private DicomLut(int[] entries, int first, int bits) => (_entries, _first, Bits) = (entries, first, bits);

    public int Bits { get; }

    public double Apply(double value) => _entries[(int)Math.Clamp(value - _first, 0, _entries.Length - 1)];

    public static DicomLut? Read(DicomDataset item) =>
        item.TryGetElement(DicomTag.LUTDescriptor, out var descriptor) && item.TryGetElement(DicomTag.LUTData, out var data) ? Create(descriptor, data.Span) : null;

    public static DicomLut? ReadPalette(DicomDataset dataset, DicomTag descriptorTag, DicomTag dataTag, DicomTag segmentedTag)
    {
        if (!dataset.TryGetElement(descriptorTag, out var descriptor)) { return null; }
        if (dataset.TryGetElement(dataTag, out var data)) { return Create(descriptor, data.Span); }
        if (!dataset.TryGetElement(segmentedTag, out var segmented)) { return null; }
        var (count, first, bits) = Describe(descriptor);
        var entries = new List<int>(count);
        // Segments are made of words, or of bytes where the entries have eight bits.
        var unit = bits == 8 ? 1 : 2;
        Expand(segmented.Span, unit, entries, count, 0, segmented.Span.Length / unit, 0);
        return entries.Count == 0 ? null : new DicomLut([.. entries], first, bits);
    }

    private static (int Count, int First, int Bits) Describe(DicomElement descriptor)
    {
        var span = descriptor.Span;
        if (span.Length < 6) { throw new DicomException($"{descriptor.Tag.Keyword} has {span.Length} bytes; 6 are needed."); }
        var count = (int)BinaryPrimitives.ReadUInt16LittleEndian(span);
        int first = descriptor.VR == DicomVR.SS ? BinaryPrimitives.ReadInt16LittleEndian(span[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(span[2..]);
        return (count == 0 ? 65536 : count, first, Math.Clamp((int)BinaryPrimitives.ReadUInt16LittleEndian(span[4..]), 8, 16));
    }

    private static DicomLut Create(DicomElement descriptor, ReadOnlySpan<byte> data)
    {
        var (count, first, bits) = Describe(descriptor);
        if (data.Length == 0) { throw new DicomException($"the table of {descriptor.Tag.Keyword} is empty."); }
        // Tables of 8 bits come as bytes or, from some writers, as words.
        var bytes = bits == 8 && data.Length < 2 * count;
        var entries = new int[Math.Min(count, bytes ? data.Length : data.Length / 2)];
        for (var i = 0; i < entries.Length; i++) { entries[i] = bytes ? data[i] : BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..]); }
        if (entries.Length == 0) { throw new DicomException($"the table of {descriptor.Tag.Keyword} is empty."); }
        return new DicomLut(entries, first, bits);
    }

    private static void Expand(ReadOnlySpan<byte> data, int unit, List<int> entries, int count, int at, int segments, int depth)
    {
        while (segments-- > 0 && (at + 2) * unit <= data.Length && entries.Count < count)
        {
            int kind = Entry(data, unit, at), length = Entry(data, unit, at + 1);
            switch (kind)
            {
                case 0:
                    for (var i = 0; i < length && entries.Count < count; i++) { entries.Add(Entry(data, unit, at + 2 + i)); }
                    at += 2 + length;
                    break;
                case 1:
                    var (from, to) = (entries.Count > 0 ? entries[^1] : 0, Entry(data, unit, at + 2));
                    for (var i = 1; i <= length && entries.Count < count; i++) { entries.Add(from + ((to - from) * i / length)); }
                    at += 3;
                    break;
                case 2 when depth < MaxSegmentDepth:
                    // The byte offset has 32 bits in either case.
                    var places = 4 / unit;
                    long offset = 0;
                    for (var i = places - 1; i >= 0; i--) { offset = (offset << (8 * unit)) | (uint)Entry(data, unit, at + 2 + i); }
                    Expand(data, unit, entries, count, (int)Math.Min(offset / unit, int.MaxValue / 4), length, depth + 1);
                    at += 2 + places;
                    break;
                default:
                    throw new DicomException($"a segmented palette holds segment type {kind}.");
            }
        }
    }

    private static int Entry(ReadOnlySpan<byte> data, int unit, int at)
    {
        if (at < 0 || ((long)at + 1) * unit > data.Length) { throw new DicomException("a segmented palette ends early."); }
        return unit == 1 ? data[at] : BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * at)..]);
    }
}
