using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>Turns compressed objects into native ones, for receivers that cannot decode.</summary>
public static class DicomTranscoder
{
    /// <summary>The object in Explicit VR Little Endian, its frames decoded; the same object when it is native already.</summary>
    /// <exception cref="DicomException">A frame cannot be decoded, or the result is larger than an element may be.</exception>
    public static DicomFile ToNative(DicomFile file)
    {
        if (!file.TransferSyntax.IsEncapsulated || file.Dataset.Find(DicomTag.PixelData) is not DicomFragmentSequence)
        {
            return new DicomFile(file.Dataset.Clone());
        }
        var pixels = DicomPixelData.Create(file);
        var shape = pixels.Shape;
        var size = shape.BitsAllocated <= 8 ? 1 : shape.BitsAllocated <= 16 ? 2 : 4;
        var length = (long)shape.SamplesPerFrame * size * shape.Frames;
        if (length > Array.MaxLength) { throw new DicomException($"decoded, the pixel data have {length} bytes: too many for one element."); }
        var bytes = new byte[length + (length & 1)];
        var photometric = shape.Photometric;
        var at = 0;
        for (var f = 0; f < shape.Frames; f++)
        {
            var frame = pixels.GetFrame(f);
            photometric = frame.Photometric;
            foreach (var value in frame.Values)
            {
                if (size == 1) { bytes[at] = (byte)value; }
                else if (size == 2) { BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value); }
                else { BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value); }
                at += size;
            }
        }
        var dataset = file.Dataset.Clone();
        dataset.Remove(DicomTag.ExtendedOffsetTable);
        dataset.Remove(DicomTag.ExtendedOffsetTableLengths);
        dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, size == 1 ? DicomVR.OB : DicomVR.OW, bytes));
        dataset.AddOrUpdate(DicomTag.BitsAllocated, (ushort)(8 * size)).AddOrUpdate(DicomTag.HighBit, (ushort)(shape.BitsStored - 1)).AddOrUpdate(DicomTag.PhotometricInterpretation, photometric);
        if (shape.SamplesPerPixel > 1) { dataset.AddOrUpdate(DicomTag.PlanarConfiguration, (ushort)0); }
        if (file.TransferSyntax.IsLossy) { dataset.AddOrUpdate(DicomTag.LossyImageCompression, "01"); }
        return new DicomFile(dataset);
    }
}
