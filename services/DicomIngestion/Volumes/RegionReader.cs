using BoneMet.Dicom;
using BoneMet.Imaging.Volumes;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>Lists the regions of an RTSTRUCT or SEG.</summary>
internal static class RegionReader
{
    private const string RtStructure = "1.2.840.10008.5.1.4.1.1.481.3";
    private const string Segmentation = "1.2.840.10008.5.1.4.1.1.66.4";

    public static bool IsRegionClass(string sopClassUid) => sopClassUid is RtStructure or Segmentation;

    public static IReadOnlyList<RegionSource> Read(DicomDataset dataset, DicomTransferSyntax syntax) => dataset.GetSingleValueOrDefault(DicomTag.SOPClassUID, "") switch
    {
        RtStructure => Structures(dataset),
        Segmentation => Segments(dataset, syntax),
        _ => [],
    };

    /// <summary>Rasterises on the volume's grid.</summary>
    /// <exception cref="VolumeException">The region does not fit the volume.</exception>
    public static Mask Rasterize(RegionSource region, Grid grid) =>
        region.Segmentation is { } segmentation ? SegmentMask.Rasterize(segmentation, region.Syntax!, region.Segment, grid) : ContourRasterizer.Rasterize(region.Contours, grid);

    private static List<RegionSource> Structures(DicomDataset dataset)
    {
        var uid = dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, "");
        var names = new Dictionary<int, string>();
        foreach (var roi in dataset.Items(DicomTag.StructureSetROISequence))
        {
            if (roi.TryGetSingleValue<int>(DicomTag.ROINumber, out var number)) { names[number] = roi.GetSingleValueOrDefault(DicomTag.ROIName, "").Trim(); }
        }
        var series = dataset.Items(DicomTag.ReferencedFrameOfReferenceSequence)
            .SelectMany(frame => frame.Items(DicomTag.RTReferencedStudySequence))
            .SelectMany(study => study.Items(DicomTag.RTReferencedSeriesSequence))
            .Select(item => item.GetSingleValueOrDefault(DicomTag.SeriesInstanceUID, ""))
            .Where(text => text.Length > 0)
            .Distinct()
            .ToList();

        var regions = new List<RegionSource>();
        foreach (var roi in dataset.Items(DicomTag.ROIContourSequence))
        {
            if (!roi.TryGetSingleValue<int>(DicomTag.ReferencedROINumber, out var number)) { continue; }
            var contours = new List<Contour>();
            foreach (var contour in roi.Items(DicomTag.ContourSequence))
            {
                if (!contour.GetSingleValueOrDefault(DicomTag.ContourGeometricType, "").StartsWith("CLOSED", StringComparison.OrdinalIgnoreCase)) { continue; }
                if (!contour.TryGetValues<double>(DicomTag.ContourData, out var data) || data.Length < 9) { continue; }
                var points = new Point3[data.Length / 3];
                for (var n = 0; n < points.Length; n++) { points[n] = new Point3(data[3 * n], data[(3 * n) + 1], data[(3 * n) + 2]); }
                contours.Add(new Contour(points));
            }
            if (contours.Count == 0) { continue; }
            var name = names.GetValueOrDefault(number, "");
            regions.Add(new RegionSource { Name = name.Length > 0 ? name : $"region {number}", Kind = "RTSTRUCT", SopInstanceUid = uid, SeriesUids = series, Contours = contours });
        }
        return regions;
    }

    private static List<RegionSource> Segments(DicomDataset dataset, DicomTransferSyntax syntax)
    {
        var uid = dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, "");
        var series = dataset.Items(DicomTag.ReferencedSeriesSequence)
            .Select(item => item.GetSingleValueOrDefault(DicomTag.SeriesInstanceUID, ""))
            .Where(text => text.Length > 0)
            .Distinct()
            .ToList();
        var regions = new List<RegionSource>();
        foreach (var segment in dataset.Items(DicomTag.SegmentSequence))
        {
            if (!segment.TryGetSingleValue<int>(DicomTag.SegmentNumber, out var number)) { continue; }
            var label = segment.GetSingleValueOrDefault(DicomTag.SegmentLabel, "").Trim();
            regions.Add(new RegionSource { Name = label.Length > 0 ? label : $"segment {number}", Kind = "SEG", SopInstanceUid = uid, SeriesUids = series, Segmentation = dataset, Syntax = syntax, Segment = number });
        }
        return regions;
    }
}
