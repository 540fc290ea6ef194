namespace BoneMet.Imaging.Volumes;

/// <summary>
/// Where the voxels of a volume stand in the patient: sizes, spacing (mm), centre of voxel (0,0,0) (mm, LPS) and the unit direction of each index.
/// Index order is i (fastest; DICOM columns, left to right), j (DICOM rows, top to bottom), k (slices).
/// </summary>
public sealed record Grid
{
    /// <summary>More voxels than this are refused everywhere: 2^29, a 2 GiB float volume.</summary>
    public const long MaxVoxels = 1L << 29;

    private readonly Point3 _inverseI;
    private readonly Point3 _inverseJ;
    private readonly Point3 _inverseK;

    /// <exception cref="VolumeException">A size or spacing is not positive and finite, there are too many voxels, or the directions are degenerate.</exception>
    public Grid(int sizeI, int sizeJ, int sizeK, Point3 spacing, Point3 origin, Point3 axisI, Point3 axisJ, Point3 axisK)
    {
        if (sizeI < 1 || sizeJ < 1 || sizeK < 1) { throw new VolumeException($"a volume of {sizeI} x {sizeJ} x {sizeK} voxels has no content"); }
        if ((Int128)sizeI * sizeJ * sizeK > MaxVoxels) { throw new VolumeException($"a volume of {sizeI} x {sizeJ} x {sizeK} voxels is beyond the limit of {MaxVoxels} voxels"); }
        if (!(spacing.IsFinite() && spacing.X > 0 && spacing.Y > 0 && spacing.Z > 0)) { throw new VolumeException($"spacing {spacing.X} x {spacing.Y} x {spacing.Z} mm is not positive and finite"); }
        if (!origin.IsFinite()) { throw new VolumeException("the origin is not finite"); }
        foreach (var axis in (ReadOnlySpan<Point3>)[axisI, axisJ, axisK])
        {
            if (!(Math.Abs(axis.Length() - 1) < 1e-3)) { throw new VolumeException("a direction of the volume is not a unit vector"); }
        }
        var determinant = axisI.Dot(axisJ.Cross(axisK));
        if (!(Math.Abs(determinant) > 0.1)) { throw new VolumeException("the directions of the volume do not span space"); }

        (SizeI, SizeJ, SizeK, Spacing, Origin, AxisI, AxisJ, AxisK) = (sizeI, sizeJ, sizeK, spacing, origin, axisI, axisJ, axisK);
        _inverseI = axisJ.Cross(axisK) * (1 / determinant);
        _inverseJ = axisK.Cross(axisI) * (1 / determinant);
        _inverseK = axisI.Cross(axisJ) * (1 / determinant);
    }

    public int SizeI { get; }
    public int SizeJ { get; }
    public int SizeK { get; }

    /// <summary>Distance in mm between neighbours along i (X), j (Y) and k (Z).</summary>
    public Point3 Spacing { get; }
    public Point3 Origin { get; }
    public Point3 AxisI { get; }
    public Point3 AxisJ { get; }
    public Point3 AxisK { get; }

    /// <summary>Number of voxels; fits an array.</summary>
    public int Count => SizeI * SizeJ * SizeK;

    /// <summary>Volume of one voxel in mm³.</summary>
    public double VoxelVolume => Spacing.X * Spacing.Y * Spacing.Z * Math.Abs(AxisI.Dot(AxisJ.Cross(AxisK)));

    /// <summary>Centre of the whole grid in mm.</summary>
    public Point3 Centre => ToWorld((SizeI - 1) / 2.0, (SizeJ - 1) / 2.0, (SizeK - 1) / 2.0);

    /// <summary>A grid whose indices run along L, P and S.</summary>
    public static Grid Aligned(int sizeI, int sizeJ, int sizeK, Point3 spacing, Point3 origin) =>
        new(sizeI, sizeJ, sizeK, spacing, origin, new(1, 0, 0), new(0, 1, 0), new(0, 0, 1));

    public int Offset(int i, int j, int k) => i + (SizeI * (j + (SizeJ * k)));

    public Point3 ToWorld(double i, double j, double k) => Origin + (AxisI * (i * Spacing.X)) + (AxisJ * (j * Spacing.Y)) + (AxisK * (k * Spacing.Z));

    /// <summary>Continuous index of a point in mm; whole numbers are voxel centres.</summary>
    public Point3 ToIndex(Point3 world)
    {
        var relative = world - Origin;
        return new(relative.Dot(_inverseI) / Spacing.X, relative.Dot(_inverseJ) / Spacing.Y, relative.Dot(_inverseK) / Spacing.Z);
    }

    /// <summary>True when the point lies in a voxel of the grid.</summary>
    public bool Contains(Point3 world)
    {
        var index = ToIndex(world);
        return index.X >= -0.5 && index.X < SizeI - 0.5 && index.Y >= -0.5 && index.Y < SizeJ - 0.5 && index.Z >= -0.5 && index.Z < SizeK - 0.5;
    }

    /// <summary>Same sizes, and no corner further apart than <paramref name="toleranceMm"/>.</summary>
    public bool Coincides(Grid other, double toleranceMm = 0.01)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (SizeI != other.SizeI || SizeJ != other.SizeJ || SizeK != other.SizeK) { return false; }
        for (var corner = 0; corner < 8; corner++)
        {
            var (i, j, k) = ((corner & 1) * (SizeI - 1), (corner >> 1 & 1) * (SizeJ - 1), (corner >> 2) * (SizeK - 1));
            if ((ToWorld(i, j, k) - other.ToWorld(i, j, k)).Length() > toleranceMm) { return false; }
        }
        return true;
    }
}
