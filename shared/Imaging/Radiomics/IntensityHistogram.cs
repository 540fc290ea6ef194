namespace BoneMet.Imaging.Radiomics;

/// <summary>Intensity histogram (IBSI family ZVCW) and intensity-volume histogram (P88C) of discretised levels.</summary>
internal static class IntensityHistogram
{
    /// <summary>In the order of <see cref="FeatureTable.Histogram"/>.</summary>
    public static double[] Compute(Region region)
    {
        var counts = Counts(region);
        var total = (double)region.Voxels.Count;
        var statistics = IntensityStatistics.Compute([.. region.Voxels.Select(voxel => (double)region.Level[voxel])]);
        var (entropy, uniformity, mode) = (0.0, 0.0, 1);
        var (maxGradient, maxAt, minGradient, minAt) = (double.MinValue, 0, double.MaxValue, 0);
        for (var level = 1; level <= region.Levels; level++)
        {
            var p = counts[level] / total;
            if (p > 0) { entropy -= p * Math.Log2(p); }
            uniformity += p * p;
            // of equal counts the one nearest to the mean is the mode
            if (counts[level] > counts[mode] || (counts[level] == counts[mode] && Math.Abs(level - statistics[0]) < Math.Abs(mode - statistics[0]))) { mode = level; }
            var gradient = Gradient(counts, level, region.Levels);
            if (gradient > maxGradient) { (maxGradient, maxAt) = (gradient, level); }
            if (gradient < minGradient) { (minGradient, minAt) = (gradient, level); }
        }
        return [.. statistics[..9], mode, .. statistics[9..16], entropy, uniformity, maxGradient, maxAt, minGradient, minAt];
    }

    /// <summary>In the order of <see cref="FeatureTable.VolumeHistogram"/>; intensities are the levels.</summary>
    public static double[] Volume(Region region)
    {
        var counts = Counts(region);
        var (first, last, total) = (Array.FindIndex(counts, count => count > 0), region.Levels, (double)region.Voxels.Count);
        if (first == last) { return [double.NaN, double.NaN, last, last, double.NaN, 0, double.NaN]; }
        var (volume, left) = (new double[last + 1], total);
        for (var level = 1; level <= last; level++)
        {
            volume[level] = left / total;
            left -= counts[level];
        }
        double Fraction(int level) => (level - first) / (double)(last - first);
        double VolumeAt(double fraction)
        {
            for (var level = first; level <= last; level++)
            {
                if (Fraction(level) >= fraction) { return volume[level]; }
            }
            return 0;
        }
        double IntensityAt(double fraction)
        {
            for (var level = first; level <= last; level++)
            {
                if (volume[level] <= fraction) { return level; }
            }
            return last + 1;
        }
        var area = 0.0;
        for (var level = first; level < last; level++) { area += (volume[level] + volume[level + 1]) / 2 * (Fraction(level + 1) - Fraction(level)); }
        var (v10, v90, i10, i90) = (VolumeAt(0.1), VolumeAt(0.9), IntensityAt(0.1), IntensityAt(0.9));
        return [v10, v90, i10, i90, v10 - v90, i10 - i90, area];
    }

    private static int[] Counts(Region region)
    {
        var counts = new int[region.Levels + 1];
        foreach (var voxel in region.Voxels) { counts[region.Level[voxel]]++; }
        return counts;
    }

    private static double Gradient(int[] counts, int level, int levels)
    {
        if (levels == 1) { return 0; }
        if (level == 1) { return counts[2] - counts[1]; }
        return level == levels ? counts[level] - counts[level - 1] : (counts[level + 1] - counts[level - 1]) / 2.0;
    }
}
