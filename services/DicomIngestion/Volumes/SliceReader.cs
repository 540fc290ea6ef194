using BoneMet.Dicom;
using BoneMet.Imaging.Volumes;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>Reads the planes of one instance: one for a classic image, one per frame for an enhanced one.</summary>
internal static class SliceReader
{
    private const int MaxFrames = 100_000;

    /// <summary>The planes that have a position in the patient; empty for an image without geometry (localiser film, secondary capture).</summary>
    public static IReadOnlyList<SliceFrame> Read(DicomDataset dataset, DicomTransferSyntax syntax)
    {
        var rows = dataset.GetSingleValueOrDefault(DicomTag.Rows, 0);
        var columns = dataset.GetSingleValueOrDefault(DicomTag.Columns, 0);
        if (rows < 1 || columns < 1 || dataset.Find(DicomTag.PixelData) is null) { return []; }
        if (dataset.GetSingleValueOrDefault(DicomTag.SamplesPerPixel, 1) != 1) { return []; }

        var frames = dataset.GetSingleValueOrDefault(DicomTag.NumberOfFrames, 1);
        if (frames is < 1 or > MaxFrames) { return []; }
        var shared = dataset.Items(DicomTag.SharedFunctionalGroupsSequence);
        var perFrame = dataset.Items(DicomTag.PerFrameFunctionalGroupsSequence);
        if (perFrame.Count == 0 && frames > 1) { return []; }

        var slices = new List<SliceFrame>(frames);
        for (var n = 0; n < frames; n++)
        {
            var own = n < perFrame.Count ? perFrame[n] : null;
            var common = shared.Count > 0 ? shared[0] : null;
            if (One(dataset, syntax, own, common, n, rows, columns) is { } slice) { slices.Add(slice); }
        }
        return slices;
    }

    private static SliceFrame? One(DicomDataset dataset, DicomTransferSyntax syntax, DicomDataset? own, DicomDataset? common, int frame, int rows, int columns)
    {
        // In an enhanced object a macro stands in the per-frame or in the shared groups; in a classic one its attributes stand in the data set itself.
        DicomDataset Macro(DicomTag sequence) => own?.Items(sequence) is [var mine, ..] ? mine : common?.Items(sequence) is [var theirs, ..] ? theirs : dataset;

        var measures = Macro(DicomTag.PixelMeasuresSequence);
        var transform = Macro(DicomTag.PixelValueTransformationSequence);
        if (!Macro(DicomTag.PlanePositionSequence).TryGetValues<double>(DicomTag.ImagePositionPatient, out var position) || position.Length != 3) { return null; }
        if (!Macro(DicomTag.PlaneOrientationSequence).TryGetValues<double>(DicomTag.ImageOrientationPatient, out var cosines) || cosines.Length != 6) { return null; }
        if (!measures.TryGetValues<double>(DicomTag.PixelSpacing, out var spacing) || spacing.Length != 2 || !(spacing[0] > 0) || !(spacing[1] > 0)) { return null; }

        var (i, j) = (new Point3(cosines[0], cosines[1], cosines[2]), new Point3(cosines[3], cosines[4], cosines[5]));
        var (lengthI, lengthJ) = (i.Length(), j.Length());
        if (!(Math.Abs(lengthI - 1) < 0.01) || !(Math.Abs(lengthJ - 1) < 0.01) || !(Math.Abs(i.Dot(j)) < 0.01)) { return null; }
        return new SliceFrame
        {
            Dataset = dataset,
            Syntax = syntax,
            SopInstanceUid = dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, ""),
            Frame = frame,
            Rows = rows,
            Columns = columns,
            Position = new Point3(position[0], position[1], position[2]),
            AxisI = i * (1 / lengthI),
            AxisJ = j * (1 / lengthJ),
            SpacingI = spacing[1],
            SpacingJ = spacing[0],
            Slope = transform.GetSingleValueOrDefault(DicomTag.RescaleSlope, 1.0),
            Intercept = transform.GetSingleValueOrDefault(DicomTag.RescaleIntercept, 0.0),
            Thickness = measures.TryGetSingleValue<double>(DicomTag.SliceThickness, out var thickness) && thickness > 0 ? thickness : null,
            InstanceNumber = dataset.GetSingleValueOrDefault(DicomTag.InstanceNumber, 0),
        };
    }
}
