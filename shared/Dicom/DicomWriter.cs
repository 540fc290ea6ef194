using System.Buffers.Binary;
using System.IO.Compression;

namespace BoneMet.Dicom;

/// <summary>Writes data sets. The same data set gives the same bytes: tag order, undefined lengths for sequences, even values, no group lengths.</summary>
internal sealed class DicomWriter(Stream output, bool explicitVr, bool bigEndian, int wordSize = 2)
{
    private readonly byte[] _header = new byte[12];
    private int _depth;

    public static void Write(Stream output, DicomDataset dataset, DicomTransferSyntax syntax)
    {
        if (!syntax.IsDeflated)
        {
            if (output is PiecesWriter)
            {
                new DicomWriter(output, syntax.IsExplicitVR, syntax.IsBigEndian, DicomFile.PixelWordSize(dataset)).Write(dataset);
                return;
            }
            var buffered = new BufferedStream(output, 64 * 1024);
            new DicomWriter(buffered, syntax.IsExplicitVR, syntax.IsBigEndian, DicomFile.PixelWordSize(dataset)).Write(dataset);
            buffered.Flush();
            return;
        }
        var counting = new CountingStream(output);
        using (var deflate = new DeflateStream(counting, CompressionLevel.Optimal, leaveOpen: true)) { new DicomWriter(deflate, explicitVr: true, bigEndian: false).Write(dataset); }
        if (counting.Count % 2 != 0) { output.WriteByte(0); }
    }

    public void Write(DicomDataset dataset)
    {
        foreach (var item in dataset.Span)
        {
            if (item.Tag.Element == 0 && item.Tag.Group > 2) { continue; }
            switch (item)
            {
                case DicomElement element: WriteElement(element); break;
                case DicomSequence sequence: WriteSequence(sequence); break;
                case DicomFragmentSequence fragments: WriteFragments(fragments); break;
                default: break;
            }
        }
    }

    private void WriteElement(DicomElement element)
    {
        var even = element.Length + (element.Length & 1);
        if (even >= uint.MaxValue) { throw new DicomException($"{element.Tag} has {element.Length} bytes, more than an element may hold."); }
        var vr = element.VR;
        if (explicitVr && !vr.HasLongLength && even > 0xFFFE) { vr = DicomVR.UN; }
        WriteHeader(element.Tag, vr, (uint)even);
        WriteValue(element, bigEndian ? element.Tag == DicomTag.PixelData && vr == DicomVR.OW ? wordSize : vr.UnitSize : 1);
        if (even != element.Length) { output.WriteByte(element.VR.Padding); }
    }

    private void WriteValue(DicomElement element, int swapUnit)
    {
        if (swapUnit <= 1 && output is PiecesWriter pieces && pieces.Take(element, isPixels: _depth == 0 && element.Tag == DicomTag.PixelData)) { return; }
        element.CopyTo(output, swapUnit);
    }

    private void WriteSequence(DicomSequence sequence)
    {
        WriteHeader(sequence.Tag, DicomVR.SQ, uint.MaxValue);
        _depth++;
        foreach (var item in sequence.Items)
        {
            WriteMark(0xE000, uint.MaxValue);
            Write(item);
            WriteMark(0xE00D, 0);
        }
        _depth--;
        WriteMark(0xE0DD, 0);
    }

    private void WriteFragments(DicomFragmentSequence sequence)
    {
        WriteHeader(sequence.Tag, DicomVR.OB, uint.MaxValue);
        WriteFragment(sequence.OffsetTable);
        foreach (var fragment in sequence.Fragments) { WriteFragment(fragment); }
        WriteMark(0xE0DD, 0);
    }

    private void WriteFragment(DicomElement fragment)
    {
        WriteMark(0xE000, (uint)(fragment.Length + (fragment.Length & 1)));
        WriteValue(fragment, 1);
        if (fragment.Length % 2 != 0) { output.WriteByte(0); }
    }

    private void WriteHeader(DicomTag tag, DicomVR vr, uint length)
    {
        WriteTag(tag);
        if (!explicitVr)
        {
            WriteUInt32(4, length);
            output.Write(_header, 0, 8);
            return;
        }
        (_header[4], _header[5]) = ((byte)vr.Code[0], (byte)vr.Code[1]);
        if (vr.HasLongLength)
        {
            (_header[6], _header[7]) = (0, 0);
            WriteUInt32(8, length);
            output.Write(_header, 0, 12);
            return;
        }
        if (bigEndian) { BinaryPrimitives.WriteUInt16BigEndian(_header.AsSpan(6), (ushort)length); }
        else { BinaryPrimitives.WriteUInt16LittleEndian(_header.AsSpan(6), (ushort)length); }
        output.Write(_header, 0, 8);
    }

    private void WriteMark(ushort element, uint length)
    {
        WriteTag(new DicomTag(0xFFFE, element));
        WriteUInt32(4, length);
        output.Write(_header, 0, 8);
    }

    private void WriteTag(DicomTag tag)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_header, tag.Value);
            return;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(_header, tag.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(_header.AsSpan(2), tag.Element);
    }

    private void WriteUInt32(int at, uint value)
    {
        if (bigEndian) { BinaryPrimitives.WriteUInt32BigEndian(_header.AsSpan(at), value); }
        else { BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(at), value); }
    }
}
