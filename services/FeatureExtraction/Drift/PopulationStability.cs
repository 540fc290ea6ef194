namespace BoneMet.FeatureExtraction.Drift;

/// <summary>
/// Population stability index: Σ (a − e) ln(a / e) over the bins of a reference, e its shares and a those of what is judged. Below 0.1 is read as stable and above 0.25 as changed; with few
/// cases, chance alone gives about (bins − 1)(1/n + 1/m).
/// </summary>
internal static class PopulationStability
{
    /// <param name="expected">Share of the reference in each bin.</param>
    /// <param name="observed">Cases in each bin.</param>
    /// <remarks>An empty bin counts as half a case, so that the index stays finite.</remarks>
    public static double Index(IReadOnlyList<double> expected, IReadOnlyList<int> observed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(observed.Count, expected.Count);
        var total = observed.Sum();
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        var (floor, index) = (0.5 / total, 0.0);
        for (var bin = 0; bin < expected.Count; bin++)
        {
            var (e, a) = (Math.Max(expected[bin], floor), Math.Max(observed[bin] / (double)total, floor));
            index += (a - e) * Math.Log(a / e);
        }
        return index;
    }

    /// <summary>Cases in each bin; bin n holds values from edge n − 1 up to below edge n.</summary>
    public static int[] Count(IReadOnlyList<double> edges, IEnumerable<double> values)
    {
        var counts = new int[edges.Count + 1];
        foreach (var value in values)
        {
            var bin = 0;
            while (bin < edges.Count && value >= edges[bin]) { bin++; }
            counts[bin]++;
        }
        return counts;
    }

    /// <summary>Edges that part the values into bins of equal size, as far as ties let them.</summary>
    public static double[] Edges(IEnumerable<double> values, int bins)
    {
        double[] sorted = [.. values.Order()];
        return [.. Enumerable.Range(1, bins - 1).Select(edge => sorted[edge * sorted.Length / bins]).Distinct()];
    }
}
