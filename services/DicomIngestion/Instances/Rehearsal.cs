using System.Buffers;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Spooling;

namespace BoneMet.DicomIngestion.Instances;

/// <summary>
/// Prepares a made-up slice a few dozen times before anybody is listened to: a wrong key or table shows at start, and the first patients' instances
/// find compiled code. Nothing of it is stored.
/// </summary>
internal static class Rehearsal
{
    private const int Times = 40;

    public static void Run(InstancePreparer preparer)
    {
        using var content = new MemoryStream();
        new DicomFile(Slice()).Save(content);
        for (var n = 0; n < Times; n++)
        {
            var buffer = ArrayPool<byte>.Shared.Rent((int)content.Length);
            content.GetBuffer().AsSpan(0, (int)content.Length).CopyTo(buffer);
            using var memory = new ReceivedMemory(buffer, (int)content.Length);
            using var prepared = preparer.Prepare("the rehearsal", memory);
        }
    }

    private static DicomDataset Slice()
    {
        var slice = new DicomDataset();
        slice.AddOrUpdate(DicomTag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2");
        slice.AddOrUpdate(DicomTag.SOPInstanceUID, "2.25.1");
        slice.AddOrUpdate(DicomTag.StudyInstanceUID, "2.25.2");
        slice.AddOrUpdate(DicomTag.SeriesInstanceUID, "2.25.3");
        slice.AddOrUpdate(DicomTag.Modality, "CT");
        slice.AddOrUpdate(DicomTag.PatientName, "Rehearsal^Only");
        slice.AddOrUpdate(DicomTag.PatientID, "REHEARSAL");
        slice.AddOrUpdate(DicomTag.StudyDate, "20240102");
        slice.AddOrUpdate(DicomTag.StudyDescription, "CHEST");
        slice.AddOrUpdate(DicomTag.InstanceNumber, 1);
        slice.AddOrUpdate(DicomTag.Rows, (ushort)128);
        slice.AddOrUpdate(DicomTag.Columns, (ushort)128);
        slice.AddOrUpdate(DicomTag.BitsAllocated, (ushort)16);
        slice.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, new byte[2 * 128 * 128]));
        return slice;
    }
}
