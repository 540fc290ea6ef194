using System.Buffers.Binary;
using BoneMet.Dicom;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>Stored values of one monochrome frame, sign-extended, before rescale.</summary>
internal static class StoredPixels
{
    /// <exception cref="UnusableSeriesException">The pixels cannot be read: the reason is said.</exception>
    public static void Read(DicomDataset dataset, DicomTransferSyntax syntax, int frame, Span<int> destination)
    {
        if (dataset.Find(DicomTag.PixelData) is DicomFragmentSequence)
        {
            var values = DicomPixelData.Create(dataset, syntax).GetFrame(frame).Values;
            if (values.Length != destination.Length) { throw new UnusableSeriesException("pixels-not-supported", $"A compressed image has {values.Length} samples where its header promises {destination.Length}."); }
            values.CopyTo(destination);
            return;
        }

        var allocated = dataset.GetSingleValueOrDefault(DicomTag.BitsAllocated, 0);
        var stored = dataset.GetSingleValueOrDefault(DicomTag.BitsStored, allocated);
        var high = dataset.GetSingleValueOrDefault(DicomTag.HighBit, stored - 1);
        var signed = dataset.GetSingleValueOrDefault(DicomTag.PixelRepresentation, 0) == 1;
        if (allocated is not (8 or 16 or 32) || stored < 1 || stored > allocated || high < stored - 1 || high >= allocated)
        {
            throw new UnusableSeriesException("pixels-not-supported", $"Images with {stored} bits stored in {allocated} (high bit {high}) cannot be read.");
        }
        if (dataset.Find(DicomTag.PixelData) is not DicomElement pixels) { throw new UnusableSeriesException("pixels-missing", "An image of the series has no pixels."); }

        var width = allocated / 8;
        var length = (long)destination.Length * width;
        var from = frame * length;
        if (from + length > pixels.Length) { throw new UnusableSeriesException("pixels-truncated", $"Image {dataset.GetSingleValueOrDefault(DicomTag.InstanceNumber, 0)} has {pixels.Length} bytes of pixels where its header promises {from + length}."); }
        var bytes = new byte[length];
        pixels.Read(from, bytes);

        var (left, right) = (32 - 1 - high, 32 - stored);
        for (var n = 0; n < destination.Length; n++)
        {
            var raw = width switch
            {
                1 => bytes[n],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * n)),
                _ => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * n)),
            };
            destination[n] = signed ? raw << left >> right : (int)((uint)(raw << left) >> right);
        }
    }
}
