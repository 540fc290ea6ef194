namespace BoneMet.Imaging.Volumes;

/// <summary>A region on a <see cref="Grid"/>: one byte per voxel, 1 inside and 0 outside.</summary>
public sealed class Mask
{
    private readonly byte[] _voxels;

    /// <param name="grid">Where the voxels stand.</param>
    /// <param name="voxels">i fastest, then j, then k; anything but 0 counts as inside and becomes 1; taken over, not copied.</param>
    public Mask(Grid grid, byte[] voxels)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(voxels);
        if (voxels.Length != grid.Count) { throw new VolumeException($"{voxels.Length} mask voxels were given for a grid of {grid.Count}"); }
        var count = 0;
        for (var n = 0; n < voxels.Length; n++)
        {
            if (voxels[n] == 0) { continue; }
            voxels[n] = 1;
            count++;
        }
        (Grid, _voxels, Count) = (grid, voxels, count);
    }

    public Grid Grid { get; }

    /// <summary>Number of voxels inside.</summary>
    public int Count { get; }

    /// <summary>Volume inside in mm³, by counting voxels.</summary>
    public double VolumeMm3 => Count * Grid.VoxelVolume;

    public ReadOnlySpan<byte> Voxels => _voxels;

    public bool this[int offset] => _voxels[offset] != 0;

    public bool this[int i, int j, int k] => _voxels[Grid.Offset(i, j, k)] != 0;

    /// <summary>First and last index inside along each axis (both inclusive); null when the mask is empty.</summary>
    public MaskBounds? Bounds()
    {
        if (Count == 0) { return null; }
        var (i0, j0, k0, i1, j1, k1) = (int.MaxValue, int.MaxValue, int.MaxValue, -1, -1, -1);
        for (var k = 0; k < Grid.SizeK; k++)
        {
            for (var j = 0; j < Grid.SizeJ; j++)
            {
                var row = _voxels.AsSpan(Grid.Offset(0, j, k), Grid.SizeI);
                var first = row.IndexOf((byte)1);
                if (first < 0) { continue; }
                (i0, i1) = (Math.Min(i0, first), Math.Max(i1, row.LastIndexOf((byte)1)));
                (j0, j1) = (Math.Min(j0, j), Math.Max(j1, j));
                (k0, k1) = (Math.Min(k0, k), Math.Max(k1, k));
            }
        }
        return new(i0, j0, k0, i1, j1, k1);
    }

    /// <summary>Mean position of the voxel centres inside, in mm; null when the mask is empty.</summary>
    public Point3? Centroid()
    {
        if (Count == 0) { return null; }
        var (sumI, sumJ, sumK) = (0L, 0L, 0L);
        for (var k = 0; k < Grid.SizeK; k++)
        {
            for (var j = 0; j < Grid.SizeJ; j++)
            {
                var row = _voxels.AsSpan(Grid.Offset(0, j, k), Grid.SizeI);
                for (var i = 0; i < row.Length; i++)
                {
                    if (row[i] == 0) { continue; }
                    sumI += i;
                    sumJ += j;
                    sumK += k;
                }
            }
        }
        return Grid.ToWorld((double)sumI / Count, (double)sumJ / Count, (double)sumK / Count);
    }
}
