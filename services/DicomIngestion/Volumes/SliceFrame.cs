using BoneMet.Dicom;
using BoneMet.Imaging.Volumes;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>One plane of a series, from its own header (or its functional groups): never from file order.</summary>
internal sealed record SliceFrame
{
    public required DicomDataset Dataset { get; init; }
    public required DicomTransferSyntax Syntax { get; init; }
    public required string SopInstanceUid { get; init; }

    /// <summary>Frame within the instance, from 0.</summary>
    public required int Frame { get; init; }
    public required int Rows { get; init; }
    public required int Columns { get; init; }

    /// <summary>Centre of the first voxel, mm, LPS.</summary>
    public required Point3 Position { get; init; }

    /// <summary>Direction of growing column index (along a row).</summary>
    public required Point3 AxisI { get; init; }

    /// <summary>Direction of growing row index.</summary>
    public required Point3 AxisJ { get; init; }

    /// <summary>Distance between columns (mm).</summary>
    public required double SpacingI { get; init; }

    /// <summary>Distance between rows (mm).</summary>
    public required double SpacingJ { get; init; }
    public required double Slope { get; init; }
    public required double Intercept { get; init; }
    public double? Thickness { get; init; }
    public int InstanceNumber { get; init; }

    public Point3 Normal => AxisI.Cross(AxisJ);

    /// <summary>True when both lie in parallel planes with the same sampling, so that they may be stacked.</summary>
    public bool StacksWith(SliceFrame other)
    {
        const double sameDirection = 1e-3;
        const double sameSpacing = 1e-3;
        return Rows == other.Rows && Columns == other.Columns
            && (AxisI - other.AxisI).Length() < sameDirection && (AxisJ - other.AxisJ).Length() < sameDirection
            && Math.Abs(SpacingI - other.SpacingI) < sameSpacing && Math.Abs(SpacingJ - other.SpacingJ) < sameSpacing;
    }
}
