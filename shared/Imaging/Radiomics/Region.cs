using BoneMet.Imaging.Volumes;

namespace BoneMet.Imaging.Radiomics;

/// <summary>A region cut out of its volume, with one voxel of margin on every side so that neighbours need no bounds checks.</summary>
internal sealed class Region
{
    /// <summary>A region with more grey levels than this asks for matrices that say nothing.</summary>
    private const int MaxLevels = 1024;

    private Region(int nx, int ny, int nz, double[] spacing)
    {
        (NX, NY, NZ, Spacing) = (nx, ny, nz, spacing);
        Shape = new bool[nx * ny * nz];
        Level = new int[Shape.Length];
        Value = new double[Shape.Length];
    }

    public int NX { get; }
    public int NY { get; }
    public int NZ { get; }

    /// <summary>mm along i, j, k.</summary>
    public double[] Spacing { get; }

    /// <summary>The morphological mask.</summary>
    public bool[] Shape { get; }

    /// <summary>Grey level 1…<see cref="Levels"/> in the intensity mask, 0 outside.</summary>
    public int[] Level { get; }
    public double[] Value { get; }

    /// <summary>Offsets of the intensity mask, in order of i, j, k.</summary>
    public List<int> Voxels { get; } = [];
    public int Levels { get; private set; }

    public int At(int x, int y, int z) => x + (NX * (y + (NY * z)));

    public (int X, int Y, int Z) Place(int offset) => (offset % NX, offset / NX % NY, offset / (NX * NY));

    /// <exception cref="VolumeException">The mask is empty, lies on another grid, holds values that are not numbers, or has too many grey levels.</exception>
    public static Region Cut(Volume volume, Mask mask, RadiomicOptions options)
    {
        if (mask.Bounds() is not { } box) { throw new VolumeException("the region is empty"); }
        var grid = volume.Grid;
        var region = new Region(
            box.LastI - box.FirstI + 3, box.LastJ - box.FirstJ + 3, box.LastK - box.FirstK + 3, [grid.Spacing.X, grid.Spacing.Y, grid.Spacing.Z]);
        for (var k = box.FirstK; k <= box.LastK; k++)
        {
            for (var j = box.FirstJ; j <= box.LastJ; j++)
            {
                for (var i = box.FirstI; i <= box.LastI; i++)
                {
                    var source = grid.Offset(i, j, k);
                    if (!mask[source]) { continue; }
                    var target = region.At(i - box.FirstI + 1, j - box.FirstJ + 1, k - box.FirstK + 1);
                    var value = (double)volume[source];
                    if (!double.IsFinite(value)) { throw new VolumeException("the region holds a value that is not a number"); }
                    region.Shape[target] = true;
                    region.Value[target] = value;
                    if (value >= (options.LowestIntensity ?? double.MinValue) && value <= (options.HighestIntensity ?? double.MaxValue)) { region.Voxels.Add(target); }
                }
            }
        }
        if (region.Voxels.Count == 0) { throw new VolumeException("no voxel of the region lies in the range of intensities"); }
        region.Discretise(options);
        return region;
    }

    private void Discretise(RadiomicOptions options)
    {
        var (low, high) = (double.MaxValue, double.MinValue);
        foreach (var voxel in Voxels) { (low, high) = (Math.Min(low, Value[voxel]), Math.Max(high, Value[voxel])); }
        foreach (var voxel in Voxels)
        {
            var level = options.Discretisation switch
            {
                Discretisation.None => Math.Round(Value[voxel]),
                Discretisation.FixedBinNumber => high == low ? 1 : Math.Min(options.Bins, Math.Floor(options.Bins * (Value[voxel] - low) / (high - low)) + 1),
                _ => Math.Floor((Value[voxel] - options.BinOrigin) / options.BinSize) + 1,
            };
            if (!(level is >= 1 and <= MaxLevels)) { throw new VolumeException($"the intensity {Value[voxel]} becomes the grey level {level}, outside 1 to {MaxLevels}: choose other bins"); }
            Level[voxel] = (int)level;
            Levels = Math.Max(Levels, (int)level);
        }
    }
}
