namespace BoneMet.Dicom;

/// <summary>One image plane: where it stands and where its pixels are.</summary>
internal sealed record DicomSlice
{
    public required DicomFile File { get; init; }

    public required int Frame { get; init; }

    public required string Uid { get; init; }

    public required double[] Position { get; init; }

    public required double[] Orientation { get; init; }

    /// <summary>Between rows, between columns, in mm.</summary>
    public required (double Row, double Column) PixelSpacing { get; init; }

    public required double Slope { get; init; }

    public required double Intercept { get; init; }

    public double[] Normal => DicomGeometry.Cross(Orientation.AsSpan(0, 3), Orientation.AsSpan(3, 3));
}
