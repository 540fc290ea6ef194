using BoneMet.Imaging.Volumes;

namespace BoneMet.Imaging.Radiomics;

/// <summary>
/// Hand-crafted features of a lesion after the Image Biomarker Standardisation Initiative (IBSI 1, arXiv 1612.07003): shape, local intensity, statistics, histogram, intensity-volume
/// histogram, and six families of texture. Computed on the digital phantom they give its consensus values.
/// </summary>
public static class RadiomicFeatures
{
    /// <summary>All features of a region, always in the same order for the same options.</summary>
    /// <param name="volume">Intensities.</param>
    /// <param name="mask">The region, on the volume's grid.</param>
    /// <param name="options">How the region is prepared and which textures are wanted.</param>
    /// <exception cref="VolumeException">The region is empty, lies on another grid, or cannot be discretised so.</exception>
    public static IReadOnlyList<RadiomicFeature> Compute(Volume volume, Mask mask, RadiomicOptions options)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(options);
        if (!volume.Grid.Coincides(mask.Grid)) { throw new VolumeException("the region does not lie on the volume's grid"); }
        if (options.Bins is < 1 or > 1024) { throw new VolumeException($"{options.Bins} bins are outside 1 to 1024"); }
        if (!(options.BinSize > 0)) { throw new VolumeException("the width of a bin must be positive"); }
        (volume, mask) = Resample(volume, mask, options);

        var region = Region.Cut(volume, mask, options);
        var digest = options.Digest();
        var features = new List<RadiomicFeature>();
        void Add((string Name, string Code)[] table, double[] values)
        {
            for (var n = 0; n < table.Length; n++) { features.Add(new(table[n].Name, table[n].Code, $"{table[n].Name}@{digest}", values[n])); }
        }
        Add(FeatureTable.Morphology, Morphology.Compute(region, options));
        Add(FeatureTable.LocalIntensity, LocalIntensity.Compute(volume, mask, options));
        Add(FeatureTable.Statistics, IntensityStatistics.Compute([.. region.Voxels.Select(voxel => region.Value[voxel])]));
        Add(FeatureTable.Histogram, IntensityHistogram.Compute(region));
        Add(FeatureTable.VolumeHistogram, IntensityHistogram.Volume(region));
        foreach (var (tag, code, value) in Textures.Compute(region, options.Aggregations)) { features.Add(new(tag, code, $"{tag}@{digest}", value)); }
        return features;
    }

    /// <summary>Only the surroundings of the region are resampled: its box and the reach of the local peak.</summary>
    private static (Volume Volume, Mask Mask) Resample(Volume volume, Mask mask, RadiomicOptions options)
    {
        if (options.SpacingMm is not { } edge) { return (volume, mask); }
        if (!(edge is > 0.05 and < 50)) { throw new VolumeException($"{edge} mm is no usable voxel size"); }
        if (mask.Bounds() is not { } box) { throw new VolumeException("the region is empty"); }
        var grid = volume.Grid;
        const double Margin = 8;
        var (first, last) = (new Point3(box.FirstI - 0.5, box.FirstJ - 0.5, box.FirstK - 0.5), new Point3(box.LastI + 0.5, box.LastJ + 0.5, box.LastK + 0.5));
        int Size(double from, double to, double spacing) => (int)Math.Ceiling((((to - from) * spacing) + (2 * Margin)) / edge);
        var sizes = (I: Size(first.X, last.X, grid.Spacing.X), J: Size(first.Y, last.Y, grid.Spacing.Y), K: Size(first.Z, last.Z, grid.Spacing.Z));
        var centre = grid.ToWorld((first.X + last.X) / 2, (first.Y + last.Y) / 2, (first.Z + last.Z) / 2);
        var origin = centre - (grid.AxisI * ((sizes.I - 1) / 2.0 * edge)) - (grid.AxisJ * ((sizes.J - 1) / 2.0 * edge)) - (grid.AxisK * ((sizes.K - 1) / 2.0 * edge));
        var target = new Grid(sizes.I, sizes.J, sizes.K, new(edge, edge, edge), origin, grid.AxisI, grid.AxisJ, grid.AxisK);
        return (Resampler.Trilinear(volume, target, volume[grid.Offset(box.FirstI, box.FirstJ, box.FirstK)]), Resampler.Nearest(mask, target));
    }
}
