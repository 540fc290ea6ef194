using System.IO.Compression;
using BoneMet.Dicom;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>A small CT series made in code: a bright ball in a grey box.</summary>
internal static class TestSeries
{
    public const int Rows = 32;
    public const int Columns = 48;

    public static byte[] Slice(int number, string series = "1", string patient = "P-1", short offset = 0)
    {
        var pixels = new byte[2 * Rows * Columns];
        for (var j = 0; j < Rows; j++)
        {
            for (var i = 0; i < Columns; i++)
            {
                var inside = Math.Pow(i - 24, 2) + Math.Pow(j - 16, 2) + Math.Pow(number - 5, 2) < 36;
                var value = (short)((inside ? 1100 : 1000) + offset);
                BitConverter.TryWriteBytes(pixels.AsSpan(2 * (i + (Columns * j))), value);
            }
        }
        var dataset = new DicomDataset();
        dataset.AddOrUpdate(DicomTag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2");
        dataset.AddOrUpdate(DicomTag.SOPInstanceUID, $"1.2.3.{patient.Length}.{series}.{number + 1}");
        dataset.AddOrUpdate(DicomTag.StudyInstanceUID, $"1.2.3.{patient.Length}");
        dataset.AddOrUpdate(DicomTag.SeriesInstanceUID, $"1.2.3.{patient.Length}.{series}");
        dataset.AddOrUpdate(DicomTag.FrameOfReferenceUID, $"1.2.3.{patient.Length}.99");
        dataset.AddOrUpdate(DicomTag.Modality, "CT");
        dataset.AddOrUpdate(DicomTag.PatientName, "Doe^Jane");
        dataset.AddOrUpdate(DicomTag.PatientID, patient);
        dataset.AddOrUpdate(DicomTag.StudyDate, "20240102");
        dataset.AddOrUpdate(DicomTag.InstanceNumber, 100 - number);
        dataset.AddOrUpdate(DicomTag.ImagePositionPatient, -24.0, -16.0, 3.0 * number);
        dataset.AddOrUpdate(DicomTag.ImageOrientationPatient, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
        dataset.AddOrUpdate(DicomTag.PixelSpacing, 1.0, 1.0);
        dataset.AddOrUpdate(DicomTag.SliceThickness, 3.0);
        dataset.AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)1);
        dataset.AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME2");
        dataset.AddOrUpdate(DicomTag.Rows, (ushort)Rows);
        dataset.AddOrUpdate(DicomTag.Columns, (ushort)Columns);
        dataset.AddOrUpdate(DicomTag.BitsAllocated, (ushort)16);
        dataset.AddOrUpdate(DicomTag.BitsStored, (ushort)12);
        dataset.AddOrUpdate(DicomTag.HighBit, (ushort)11);
        dataset.AddOrUpdate(DicomTag.PixelRepresentation, (ushort)0);
        dataset.AddOrUpdate(DicomTag.RescaleIntercept, -1024.0);
        dataset.AddOrUpdate(DicomTag.RescaleSlope, 1.0);
        dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, pixels));
        using var file = new MemoryStream();
        new DicomFile(dataset).Save(file);
        return file.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }
        return file.ToArray();
    }

    public static byte[] ZipOf(int slices, string series = "1") =>
        Zip([.. Enumerable.Range(0, slices).Select(n => ($"ct/{n:000}.dcm", Slice(n, series)))]);
}
