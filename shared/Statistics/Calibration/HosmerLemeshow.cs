using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Calibration;

/// <summary>Hosmer–Lemeshow goodness of fit: Σ (O − E)² / (E (1 − E/n)) over groups of risk.</summary>
/// <param name="ChiSquare">Statistic.</param>
/// <param name="DegreesOfFreedom">Groups − 2 for a model judged on its own data.</param>
/// <param name="P">Upper tail of the chi-square distribution.</param>
/// <param name="Observed">Events per group.</param>
/// <param name="Expected">Sum of probabilities per group.</param>
/// <param name="Count">Rows per group.</param>
/// <remarks>Hosmer and Lemeshow 1980, Communications in Statistics A9:1043.</remarks>
public sealed record HosmerLemeshow(double ChiSquare, int DegreesOfFreedom, double P, double[] Observed, double[] Expected, int[] Count)
{
    /// <summary>Tests probabilities against outcomes.</summary>
    /// <param name="probabilities">Predicted probability per row.</param>
    /// <param name="outcome">0 or 1 per row.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="grouping">By quantiles or by rank.</param>
    /// <param name="lost">Degrees of freedom lost: 2 on the data of the fit, 0 on new data.</param>
    /// <exception cref="StatisticsException">Bad input, or fewer than three distinct groups.</exception>
    public static HosmerLemeshow Of(double[] probabilities, double[] outcome, int groups = 10, HosmerLemeshowGrouping grouping = HosmerLemeshowGrouping.Quantiles, int lost = 2)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        Probabilities.Check(probabilities, outcome);
        var n = probabilities.Length;
        var order = RankSort.Order(probabilities);
        var sorted = new double[n];
        for (var i = 0; i < n; i++) { sorted[i] = probabilities[order[i]]; }
        var ends = new List<int>();
        if (grouping == HosmerLemeshowGrouping.Ranks)
        {
            // Ranks cut at their own quantiles 1 + (n − 1) g / groups.
            for (var g = 1; g <= groups; g++) { ends.Add(1 + (int)((long)g * (n - 1) / groups)); }
        }
        else
        {
            for (var g = 1; g <= groups; g++)
            {
                var cut = g == groups ? sorted[^1] : Tests.Descriptive.Quantile(sorted, g / (double)groups);
                var end = ends.Count > 0 ? ends[^1] : 0;
                while (end < n && sorted[end] <= cut) { end++; }
                ends.Add(end);
            }
        }
        var observed = new List<double>();
        var expected = new List<double>();
        var count = new List<int>();
        var start = 0;
        foreach (var end in ends)
        {
            if (end <= start) { continue; }
            double o = 0, e = 0;
            for (var i = start; i < end; i++) { o += outcome[order[i]]; e += sorted[i]; }
            observed.Add(o);
            expected.Add(e);
            count.Add(end - start);
            start = end;
        }
        var df = count.Count - lost;
        if (df < 1) { throw new StatisticsException("too-few-groups", $"The probabilities fall into {count.Count} distinct groups only: the Hosmer–Lemeshow test needs at least {lost + 1}."); }
        var chi = 0.0;
        for (var g = 0; g < count.Count; g++)
        {
            var variance = expected[g] * (1 - (expected[g] / count[g]));
            if (variance <= 0)
            {
                if (observed[g] != expected[g]) { chi = double.PositiveInfinity; }
                continue;
            }
            chi += (observed[g] - expected[g]) * (observed[g] - expected[g]) / variance;
        }
        return new HosmerLemeshow(chi, df, ChiSquareTail(chi, df), [.. observed], [.. expected], [.. count]);
    }

    private static double ChiSquareTail(double chi, int df) => Distributions.ChiSquare.UpperTail(chi, df);
}
