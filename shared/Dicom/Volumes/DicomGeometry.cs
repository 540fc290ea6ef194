namespace BoneMet.Dicom;

internal static class DicomGeometry
{
    public static double[] Cross(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    public static double[]? Numbers(DicomDataset? dataset, DicomTag tag, int count) =>
        dataset is not null && dataset.TryGetValues<double>(tag, out var values) && values.Length >= count && values.All(double.IsFinite) ? values : null;

    /// <summary>A functional group's item: of the frame when it has one, else the shared one.</summary>
    public static DicomDataset? Group(DicomDataset dataset, int frame, DicomTag tag)
    {
        var perFrame = dataset.Items(DicomTag.PerFrameFunctionalGroupsSequence);
        var own = frame < perFrame.Count ? perFrame[frame].Items(tag) : [];
        if (own.Count > 0) { return own[0]; }
        var shared = dataset.Items(DicomTag.SharedFunctionalGroupsSequence);
        return shared.Count > 0 && shared[0].Items(tag) is { Count: > 0 } items ? items[0] : null;
    }
}
