namespace BoneMet.Imaging.Radiomics;

/// <summary>The 18 intensity statistics of IBSI (family UHIW), of intensities or of grey levels.</summary>
internal static class IntensityStatistics
{
    /// <summary>In the order of <see cref="FeatureTable.Statistics"/>.</summary>
    public static double[] Compute(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var n = sorted.Length;
        var (mean, energy) = (0.0, 0.0);
        foreach (var value in sorted)
        {
            mean += value;
            energy += value * value;
        }
        mean /= n;
        var (m2, m3, m4, mad) = (0.0, 0.0, 0.0, 0.0);
        foreach (var value in sorted)
        {
            var d = value - mean;
            m2 += d * d;
            m3 += d * d * d;
            m4 += d * d * d * d;
            mad += Math.Abs(d);
        }
        (m2, m3, m4) = (m2 / n, m3 / n, m4 / n);
        var (median, p10, p25, p75, p90) = (Percentile(sorted, 0.5), Percentile(sorted, 0.1), Percentile(sorted, 0.25), Percentile(sorted, 0.75), Percentile(sorted, 0.9));
        var medad = 0.0;
        foreach (var value in sorted) { medad += Math.Abs(value - median); }
        return
        [
            mean, m2, m2 == 0 ? 0 : m3 / Math.Pow(m2, 1.5), m2 == 0 ? 0 : (m4 / (m2 * m2)) - 3, median, sorted[0], p10, p90, sorted[^1], p75 - p25, sorted[^1] - sorted[0],
            mad / n, Robust(sorted, p10, p90), medad / n, Math.Sqrt(m2) / mean, (p75 - p25) / (p75 + p25), energy, Math.Sqrt(energy / n),
        ];
    }

    /// <summary>Percentile by linear interpolation between order statistics at (n − 1) p.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double p)
    {
        var at = (sorted.Length - 1) * p;
        var lower = (int)at;
        return lower + 1 >= sorted.Length ? sorted[^1] : sorted[lower] + ((at - lower) * (sorted[lower + 1] - sorted[lower]));
    }

    /// <summary>Mean absolute deviation of what lies between the 10th and 90th percentile, both included.</summary>
    private static double Robust(double[] sorted, double p10, double p90)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in sorted)
        {
            if (value < p10 || value > p90) { continue; }
            sum += value;
            count++;
        }
        var (mean, deviation) = (sum / count, 0.0);
        foreach (var value in sorted)
        {
            if (value >= p10 && value <= p90) { deviation += Math.Abs(value - mean); }
        }
        return deviation / count;
    }
}
