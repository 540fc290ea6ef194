namespace BoneMet.Imaging.Volumes;

/// <summary>The cube around a lesion that the 3-D encoder reads: fixed edge and spacing, indices along L, P, S whatever the scan's orientation was.</summary>
public static class LesionCube
{
    /// <summary>Value of CT voxels outside the scan: air.</summary>
    public const float Air = -1024;

    /// <summary>A grid of <paramref name="edge"/>³ voxels centred on <paramref name="centre"/> (mm, LPS).</summary>
    public static Grid GridAround(Point3 centre, int edge = 64, double spacingMm = 1.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(edge, 1);
        var half = (edge - 1) / 2.0 * spacingMm;
        return Grid.Aligned(edge, edge, edge, new(spacingMm, spacingMm, spacingMm), centre - new Point3(half, half, half));
    }

    /// <summary>Trilinear crop of the volume around a point.</summary>
    /// <exception cref="VolumeException">The point is not in the volume.</exception>
    public static Volume Crop(Volume volume, Point3 centre, int edge = 64, double spacingMm = 1.5, float outside = Air)
    {
        ArgumentNullException.ThrowIfNull(volume);
        if (!volume.Grid.Contains(centre)) { throw new VolumeException($"the point ({centre.X:0.0}, {centre.Y:0.0}, {centre.Z:0.0}) mm lies outside the volume"); }
        return Resampler.Trilinear(volume, GridAround(centre, edge, spacingMm), outside);
    }

    /// <summary>Trilinear crop of the volume around the centroid of the lesion.</summary>
    /// <exception cref="VolumeException">The mask is empty or its centroid is not in the volume.</exception>
    public static Volume Crop(Volume volume, Mask lesion, int edge = 64, double spacingMm = 1.5, float outside = Air)
    {
        ArgumentNullException.ThrowIfNull(lesion);
        return Crop(volume, lesion.Centroid() ?? throw new VolumeException("the lesion mask is empty"), edge, spacingMm, outside);
    }
}
