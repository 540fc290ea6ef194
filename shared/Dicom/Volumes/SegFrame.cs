namespace BoneMet.Dicom;

/// <summary>One plane of a segment: where it stands (mm, LPS) and its mask, row by row, 0 to 1 (fractions for FRACTIONAL segmentations).</summary>
public sealed record SegFrame
{
    /// <summary>Segment number; 0 for a label map, whose values then are segment numbers.</summary>
    public required int Segment { get; init; }

    public required (double X, double Y, double Z) Position { get; init; }

    public required (double X, double Y, double Z) AxisColumn { get; init; }

    public required (double X, double Y, double Z) AxisRow { get; init; }

    /// <summary>In mm, between columns and between rows.</summary>
    public required (double X, double Y) Spacing { get; init; }

    public required float[] Mask { get; init; }

    /// <summary>SOP Instance UID of the image that the plane was drawn on, or null.</summary>
    public string? SourceUid { get; init; }
}
