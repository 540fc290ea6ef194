using BoneMet.Imaging.Volumes;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>Decodes a stack of planes into a volume, plane by plane.</summary>
internal static class SeriesVolume
{
    /// <summary>Short voxels where every rescaled value is a whole number that fits, else floats.</summary>
    public static Volume Decode(SliceStack stack, CancellationToken cancellation)
    {
        var whole = stack.Slices.All(slice => IsWhole(slice.Slope) && IsWhole(slice.Intercept)) && stack.Indices.All(IsWhole) && stack.Slices.Count == stack.Grid.SizeK;
        return whole && TryShorts(stack, cancellation) is { } shorts ? shorts : Floats(stack, cancellation);
    }

    private static bool IsWhole(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e6;

    private static Volume? TryShorts(SliceStack stack, CancellationToken cancellation)
    {
        var grid = stack.Grid;
        var voxels = new short[grid.Count];
        var plane = new int[grid.SizeI * grid.SizeJ];
        for (var k = 0; k < stack.Slices.Count; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = stack.Slices[k];
            StoredPixels.Read(slice.Dataset, slice.Syntax, slice.Frame, plane);
            var (slope, intercept) = ((long)slice.Slope, (long)slice.Intercept);
            var target = voxels.AsSpan(k * plane.Length, plane.Length);
            for (var n = 0; n < plane.Length; n++)
            {
                var value = (plane[n] * slope) + intercept;
                if (value is < short.MinValue or > short.MaxValue) { return null; }
                target[n] = (short)value;
            }
        }
        return new Volume(grid, voxels);
    }

    private static Volume Floats(SliceStack stack, CancellationToken cancellation)
    {
        var grid = stack.Grid;
        var voxels = new float[grid.Count];
        var size = grid.SizeI * grid.SizeJ;
        var stored = new int[size];
        var (below, above) = (new float[size], new float[size]);
        Fill(0, below);
        var lower = 0;
        var aboveIs = -1;
        for (var k = 0; k < grid.SizeK; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            while (lower + 1 < stack.Slices.Count && stack.Indices[lower + 1] <= k)
            {
                lower++;
                if (aboveIs == lower) { (below, above, aboveIs) = (above, below, -1); }
                else { Fill(lower, below); }
            }
            var target = voxels.AsSpan(k * size, size);
            var (from, to) = (stack.Indices[lower], lower + 1 < stack.Slices.Count ? stack.Indices[lower + 1] : double.PositiveInfinity);
            if (from == k || double.IsInfinity(to))
            {
                below.CopyTo(target);
                continue;
            }
            if (aboveIs != lower + 1)
            {
                Fill(lower + 1, above);
                aboveIs = lower + 1;
            }
            var weight = (float)((k - from) / (to - from));
            for (var n = 0; n < size; n++) { target[n] = below[n] + (weight * (above[n] - below[n])); }
        }
        return new Volume(grid, voxels);

        void Fill(int index, float[] target)
        {
            var slice = stack.Slices[index];
            StoredPixels.Read(slice.Dataset, slice.Syntax, slice.Frame, stored);
            for (var n = 0; n < size; n++) { target[n] = (float)((stored[n] * slice.Slope) + slice.Intercept); }
        }
    }
}
