namespace BoneMet.Imaging.Volumes;

/// <summary>Values of a volume or mask on another grid.</summary>
public static class Resampler
{
    /// <summary>
    /// Trilinear interpolation between the eight voxel centres around each target centre. Up to half a voxel beyond the outermost centres the edge value holds;
    /// beyond that the value is <paramref name="outside"/>.
    /// </summary>
    public static Volume Trilinear(Volume volume, Grid target, float outside)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(target);
        var source = volume.Grid;
        var voxels = new float[target.Count];
        var n = 0;
        for (var k = 0; k < target.SizeK; k++)
        {
            for (var j = 0; j < target.SizeJ; j++)
            {
                for (var i = 0; i < target.SizeI; i++, n++)
                {
                    var at = source.ToIndex(target.ToWorld(i, j, k));
                    voxels[n] = Within(at, source) ? Interpolate(volume, at) : outside;
                }
            }
        }
        return new(target, voxels);
    }

    /// <summary>The mask voxel that holds each target centre; outside the source it is 0.</summary>
    public static Mask Nearest(Mask mask, Grid target)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(target);
        var source = mask.Grid;
        var voxels = new byte[target.Count];
        var n = 0;
        for (var k = 0; k < target.SizeK; k++)
        {
            for (var j = 0; j < target.SizeJ; j++)
            {
                for (var i = 0; i < target.SizeI; i++, n++)
                {
                    var at = source.ToIndex(target.ToWorld(i, j, k));
                    if (!Within(at, source)) { continue; }
                    var offset = source.Offset(Round(at.X, source.SizeI), Round(at.Y, source.SizeJ), Round(at.Z, source.SizeK));
                    voxels[n] = mask[offset] ? (byte)1 : (byte)0;
                }
            }
        }
        return new(target, voxels);
    }

    private static bool Within(Point3 at, Grid grid) =>
        at.X >= -0.5 && at.X < grid.SizeI - 0.5 && at.Y >= -0.5 && at.Y < grid.SizeJ - 0.5 && at.Z >= -0.5 && at.Z < grid.SizeK - 0.5;

    private static int Round(double index, int size) => Math.Clamp((int)Math.Floor(index + 0.5), 0, size - 1);

    private static float Interpolate(Volume volume, Point3 at)
    {
        var grid = volume.Grid;
        var (i, u, stepI) = Split(at.X, grid.SizeI, 1);
        var (j, v, stepJ) = Split(at.Y, grid.SizeJ, grid.SizeI);
        var (k, w, stepK) = Split(at.Z, grid.SizeK, grid.SizeI * grid.SizeJ);
        var corner = grid.Offset(i, j, k);
        var near = Bilinear(volume, corner, stepI, stepJ, u, v);
        return stepK == 0 ? (float)near : (float)(near + (w * (Bilinear(volume, corner + stepK, stepI, stepJ, u, v) - near)));
    }

    private static double Bilinear(Volume volume, int corner, int stepI, int stepJ, double u, double v)
    {
        double a = volume[corner], b = volume[corner + stepI], c = volume[corner + stepJ], d = volume[corner + stepI + stepJ];
        var top = a + (u * (b - a));
        return top + (v * (c + (u * (d - c)) - top));
    }

    /// <summary>Lower neighbour, fraction, and distance in the array to the upper neighbour (0 at and beyond the edge).</summary>
    private static (int Lower, double Fraction, int Step) Split(double index, int size, int stride)
    {
        if (index <= 0) { return (0, 0, 0); }
        if (index >= size - 1) { return (size - 1, 0, 0); }
        var lower = (int)index;
        return (lower, index - lower, stride);
    }
}
