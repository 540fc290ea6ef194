using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.Imaging.Volumes;

namespace BoneMet.FeatureExtraction.LabelVolume;

/// <summary>Cuts a cube out of a volume as an encoder wants it: resampled, then one channel for each intensity window, scaled to 0..1.</summary>
internal static class CubeReader
{
    /// <summary>Windows of a scan whose intensities have no unit, as quantiles of the volume: everything, and the brighter half.</summary>
    private static readonly (double Low, double High)[] Quantiles = [(0.01, 0.99), (0.50, 0.999)];

    /// <summary>The windows to use: the contract's own for its modalities, else quantiles of this volume.</summary>
    public static IReadOnlyList<IntensityWindow> Windows(VolumeInput input, EncoderInput contract)
    {
        if (contract.Modalities.Contains(input.Modality)) { return contract.Windows; }
        var sample = Sample(input.Volume);
        return [.. contract.Windows.Select((_, channel) => Between(sample, Quantiles[channel % Quantiles.Length]))];
    }

    /// <summary>Writes one item (channels × z × y × x) into <paramref name="target"/>.</summary>
    public static void Read(VolumeInput input, Point3 centre, EncoderInput contract, IReadOnlyList<IntensityWindow> windows, Span<float> target)
    {
        var outside = contract.Modalities.Contains(input.Modality) ? LesionCube.Air : (float)windows[0].Low;
        var cube = Resampler.Trilinear(input.Volume, LesionCube.GridAround(centre, contract.Size, contract.SpacingMm), outside).ToFloats().Floats;
        for (var channel = 0; channel < windows.Count; channel++)
        {
            var (low, scale) = ((float)windows[channel].Low, (float)(1 / (windows[channel].High - windows[channel].Low)));
            var plane = target.Slice(channel * cube.Length, cube.Length);
            for (var n = 0; n < cube.Length; n++)
            {
                // NaN passes through, so that the session can refuse it.
                var value = (cube[n] - low) * scale;
                plane[n] = value < 0 ? 0 : value > 1 ? 1 : value;
            }
        }
    }

    private static float[] Sample(Volume volume)
    {
        const int Most = 1 << 17;
        var step = Math.Max(1, volume.Grid.Count / Most);
        var sample = new List<float>(Most + 1);
        for (var n = 0; n < volume.Grid.Count; n += step)
        {
            if (float.IsFinite(volume[n])) { sample.Add(volume[n]); }
        }
        sample.Sort();
        return [.. sample];
    }

    private static IntensityWindow Between(float[] sorted, (double Low, double High) quantiles)
    {
        if (sorted.Length == 0) { return new(0, 1); }
        var low = sorted[(int)(quantiles.Low * (sorted.Length - 1))];
        var high = sorted[(int)(quantiles.High * (sorted.Length - 1))];
        return new(low, high > low ? high : low + 1);
    }
}
