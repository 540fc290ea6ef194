namespace BoneMet.Dicom;

/// <summary>Regions of interest of an RT Structure Set (PS3.3 A.19).</summary>
public sealed record RtStructureSet(string SopInstanceUid, string Label, IReadOnlyList<string> ReferencedSeriesUids, IReadOnlyList<RtRoi> Rois)
{
    /// <summary>True for a data set of this kind.</summary>
    public static bool Is(DicomDataset dataset) => dataset.GetSingleValueOrDefault(DicomTag.SOPClassUID, "") == "1.2.840.10008.5.1.4.1.1.481.3";

    /// <exception cref="DicomException">It is none, or a contour is not made of points.</exception>
    public static RtStructureSet Read(DicomDataset dataset)
    {
        if (!Is(dataset)) { throw new DicomException("the object is no RT Structure Set."); }
        var types = new Dictionary<int, string>();
        foreach (var observation in dataset.Items(DicomTag.RTROIObservationsSequence))
        {
            if (observation.TryGetSingleValue<int>(DicomTag.ReferencedROINumber, out var number)) { types[number] = observation.GetSingleValueOrDefault(DicomTag.RTROIInterpretedType, ""); }
        }
        var contours = new Dictionary<int, List<double[]>>();
        foreach (var roi in dataset.Items(DicomTag.ROIContourSequence))
        {
            if (!roi.TryGetSingleValue<int>(DicomTag.ReferencedROINumber, out var number)) { throw new DicomException("an item of ROI Contour Sequence (3006,0039) has no Referenced ROI Number."); }
            var list = contours.TryGetValue(number, out var existing) ? existing : contours[number] = [];
            foreach (var contour in roi.Items(DicomTag.ContourSequence))
            {
                var type = contour.GetSingleValueOrDefault(DicomTag.ContourGeometricType, "CLOSED_PLANAR");
                if (type is not ("CLOSED_PLANAR" or "CLOSEDPLANAR_XOR")) { continue; }
                var points = contour.TryGetValues<double>(DicomTag.ContourData, out var values) ? values : [];
                if (points.Length == 0) { continue; }
                if (points.Length % 3 != 0 || !points.All(double.IsFinite)) { throw new DicomException($"Contour Data (3006,0050) of ROI {number} hold {points.Length} numbers, which are no points."); }
                list.Add(points);
            }
        }
        var rois = dataset.Items(DicomTag.StructureSetROISequence).Select(item =>
        {
            var number = item.GetSingleValueOrDefault(DicomTag.ROINumber, 0);
            return new RtRoi(number, item.GetSingleValueOrDefault(DicomTag.ROIName, ""), item.GetSingleValueOrDefault(DicomTag.ROIDescription, ""),
                types.GetValueOrDefault(number, ""), item.GetSingleValueOrDefault(DicomTag.ReferencedFrameOfReferenceUID, ""), contours.GetValueOrDefault(number) ?? []);
        }).ToArray();
        var series = dataset.Items(DicomTag.ReferencedFrameOfReferenceSequence).SelectMany(frame => frame.Items(DicomTag.RTReferencedStudySequence))
            .SelectMany(study => study.Items(DicomTag.RTReferencedSeriesSequence)).Select(item => item.GetSingleValueOrDefault(DicomTag.SeriesInstanceUID, "")).Where(uid => uid.Length > 0).Distinct().ToArray();
        return new RtStructureSet(dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, ""), dataset.GetSingleValueOrDefault(DicomTag.StructureSetLabel, ""), series, rois);
    }
}
