using BoneMet.Imaging.Volumes;

namespace BoneMet.Imaging.Inputs;

/// <summary>
/// What a volume encoder reads: a cube resampled to fixed edge and spacing, one channel for each intensity window, scaled to 0..1. Serving
/// and the training job's inputs both come from here, so they cannot differ.
/// </summary>
public static class CubeInput
{
    /// <summary>Windows of a scan whose intensities have no unit, as quantiles of the volume: everything, and the brighter half.</summary>
    private static readonly (double Low, double High)[] Quantiles = [(0.01, 0.99), (0.50, 0.999)];

    /// <summary>Writes one item, channels × z × y × x, into <paramref name="target"/>. A voxel that is not a number stays one.</summary>
    /// <param name="volume">Intensities.</param>
    /// <param name="centre">Centre of the cube, mm in LPS.</param>
    /// <param name="size">Edge in voxels.</param>
    /// <param name="spacingMm">Edge of a voxel, mm.</param>
    /// <param name="windows">One channel for each.</param>
    /// <param name="outside">Intensity beyond the scan.</param>
    /// <param name="target">windows × size³ values.</param>
    public static void Read(Volume volume, Point3 centre, int size, double spacingMm, IReadOnlyList<IntensityWindow> windows, float outside, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, windows.Count * size * size * size);
        var cube = Resampler.Trilinear(volume, LesionCube.GridAround(centre, size, spacingMm), outside).ToFloats().Floats;
        for (var channel = 0; channel < windows.Count; channel++)
        {
            var (low, scale) = ((float)windows[channel].Low, (float)(1 / (windows[channel].High - windows[channel].Low)));
            var plane = target.Slice(channel * cube.Length, cube.Length);
            for (var n = 0; n < cube.Length; n++)
            {
                var value = (cube[n] - low) * scale;
                plane[n] = value < 0 ? 0 : value > 1 ? 1 : value;
            }
        }
    }

    /// <summary>Windows for intensities without a unit (MR, PET), from quantiles of an even sample of the volume.</summary>
    public static IReadOnlyList<IntensityWindow> RelativeWindows(Volume volume, int count)
    {
        ArgumentNullException.ThrowIfNull(volume);
        var sample = Sample(volume);
        var windows = new IntensityWindow[count];
        for (var channel = 0; channel < count; channel++) { windows[channel] = Between(sample, Quantiles[channel % Quantiles.Length]); }
        return windows;
    }

    private static List<float> Sample(Volume volume)
    {
        const int Most = 1 << 17;
        var step = Math.Max(1, volume.Grid.Count / Most);
        var sample = new List<float>(Most + 1);
        for (var n = 0; n < volume.Grid.Count; n += step)
        {
            if (float.IsFinite(volume[n])) { sample.Add(volume[n]); }
        }
        sample.Sort();
        return sample;
    }

    private static IntensityWindow Between(List<float> sorted, (double Low, double High) quantiles)
    {
        if (sorted.Count == 0) { return new(0, 1); }
        var low = sorted[(int)(quantiles.Low * (sorted.Count - 1))];
        var high = sorted[(int)(quantiles.High * (sorted.Count - 1))];
        return new(low, high > low ? high : low + 1);
    }
}
