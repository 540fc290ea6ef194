using BoneMet.Imaging.Volumes;

namespace BoneMet.Imaging.Radiomics;

/// <summary>Local and global intensity peak (IBSI family 9ST6): mean in the ball of 1 cm³ around a voxel, the ball reaching beyond the region.</summary>
internal static class LocalIntensity
{
    private static readonly double s_radius = Math.Cbrt(3 / (4 * Math.PI)) * 10;

    /// <summary>In the order of <see cref="FeatureTable.LocalIntensity"/>.</summary>
    public static double[] Compute(Volume volume, Mask mask, RadiomicOptions options)
    {
        var ball = Ball(volume.Grid);
        var (highest, local, global) = (double.MinValue, double.NaN, double.MinValue);
        for (var n = 0; n < volume.Grid.Count; n++)
        {
            if (!mask[n] || volume[n] < (options.LowestIntensity ?? double.MinValue) || volume[n] > (options.HighestIntensity ?? double.MaxValue)) { continue; }
            var mean = Mean(volume, n, ball);
            global = Math.Max(global, mean);
            if (volume[n] > highest || (volume[n] == highest && mean > local)) { (highest, local) = (volume[n], mean); }
        }
        return [local, global];
    }

    private static List<(int I, int J, int K)> Ball(Grid grid)
    {
        var ball = new List<(int I, int J, int K)>();
        var (ri, rj, rk) = ((int)(s_radius / grid.Spacing.X), (int)(s_radius / grid.Spacing.Y), (int)(s_radius / grid.Spacing.Z));
        for (var k = -rk; k <= rk; k++)
        {
            for (var j = -rj; j <= rj; j++)
            {
                for (var i = -ri; i <= ri; i++)
                {
                    if ((grid.ToWorld(i, j, k) - grid.Origin).Length() <= s_radius) { ball.Add((i, j, k)); }
                }
            }
        }
        return ball;
    }

    private static double Mean(Volume volume, int offset, List<(int I, int J, int K)> ball)
    {
        var grid = volume.Grid;
        var (i, j, k) = (offset % grid.SizeI, offset / grid.SizeI % grid.SizeJ, offset / (grid.SizeI * grid.SizeJ));
        var (sum, count) = (0.0, 0);
        foreach (var (di, dj, dk) in ball)
        {
            var (x, y, z) = (i + di, j + dj, k + dk);
            if (x < 0 || y < 0 || z < 0 || x >= grid.SizeI || y >= grid.SizeJ || z >= grid.SizeK) { continue; }
            sum += volume[x, y, z];
            count++;
        }
        return sum / count;
    }
}
