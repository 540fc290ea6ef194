namespace BoneMet.Dicom;

/// <summary>A DICOM segmentation (PS3.3 A.51): segments and the planes that hold them.</summary>
public sealed record Segmentation(string SopInstanceUid, string Type, int Columns, int Rows, string FrameOfReferenceUid, string ReferencedSeriesUid, IReadOnlyList<SegSegment> Segments, IReadOnlyList<SegFrame> Frames)
{
    /// <summary>True for a data set of this kind.</summary>
    public static bool Is(DicomDataset dataset) => dataset.GetSingleValueOrDefault(DicomTag.SOPClassUID, "") is "1.2.840.10008.5.1.4.1.1.66.4" or "1.2.840.10008.5.1.4.1.1.66.7";

    /// <exception cref="DicomException">It is none, its frames have no place in the patient (slide microscopy), or pixels cannot be decoded.</exception>
    public static Segmentation Read(DicomFile file)
    {
        var dataset = file.Dataset;
        if (!Is(dataset)) { throw new DicomException("the object is no segmentation."); }
        var type = dataset.GetSingleValueOrDefault(DicomTag.SegmentationType, "BINARY");
        var pixels = DicomPixelData.Create(file);
        var full = type == "FRACTIONAL" ? Math.Max(1, dataset.GetSingleValueOrDefault(DicomTag.MaximumFractionalValue, 255)) : 1;
        var frames = new List<SegFrame>(pixels.Shape.Frames);
        for (var f = 0; f < pixels.Shape.Frames; f++)
        {
            var position = DicomGeometry.Numbers(DicomGeometry.Group(dataset, f, DicomTag.PlanePositionSequence), DicomTag.ImagePositionPatient, 3);
            var orientation = DicomGeometry.Numbers(DicomGeometry.Group(dataset, f, DicomTag.PlaneOrientationSequence), DicomTag.ImageOrientationPatient, 6);
            var spacing = DicomGeometry.Numbers(DicomGeometry.Group(dataset, f, DicomTag.PixelMeasuresSequence), DicomTag.PixelSpacing, 2);
            if (position is null || orientation is null || spacing is null) { throw new DicomException($"frame {f + 1} of the segmentation has no place in the patient (position, orientation or spacing is missing)."); }
            var segment = DicomGeometry.Group(dataset, f, DicomTag.SegmentIdentificationSequence)?.GetSingleValueOrDefault(DicomTag.ReferencedSegmentNumber, 0) ?? 0;
            var derivation = DicomGeometry.Group(dataset, f, DicomTag.DerivationImageSequence)?.Items(DicomTag.SourceImageSequence);
            var values = pixels.GetFrame(f).Values;
            var mask = new float[values.Length];
            for (var i = 0; i < mask.Length; i++) { mask[i] = (float)values[i] / full; }
            frames.Add(new SegFrame
            {
                Segment = segment,
                Position = (position[0], position[1], position[2]),
                AxisColumn = (orientation[0], orientation[1], orientation[2]),
                AxisRow = (orientation[3], orientation[4], orientation[5]),
                Spacing = (spacing[1], spacing[0]),
                Mask = mask,
                SourceUid = derivation is { Count: > 0 } ? derivation[0].GetSingleValueOrDefault<string?>(DicomTag.ReferencedSOPInstanceUID, null) : null,
            });
        }
        var segments = dataset.Items(DicomTag.SegmentSequence).Select(item => new SegSegment(
            item.GetSingleValueOrDefault(DicomTag.SegmentNumber, 0), item.GetSingleValueOrDefault(DicomTag.SegmentLabel, ""), item.GetSingleValueOrDefault(DicomTag.SegmentDescription, ""),
            item.Items(DicomTag.SegmentedPropertyTypeCodeSequence) is { Count: > 0 } codes ? codes[0].GetSingleValueOrDefault(DicomTag.CodeMeaning, "") : "",
            item.GetSingleValueOrDefault(DicomTag.SegmentAlgorithmName, ""))).ToArray();
        var series = dataset.Items(DicomTag.ReferencedSeriesSequence);
        return new Segmentation(dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, ""), type, pixels.Shape.Columns, pixels.Shape.Rows, dataset.GetSingleValueOrDefault(DicomTag.FrameOfReferenceUID, ""),
            series.Count > 0 ? series[0].GetSingleValueOrDefault(DicomTag.SeriesInstanceUID, "") : "", segments, frames);
    }
}
