using BoneMet.Cohorts.Design;
using BoneMet.Statistics.Survival;

namespace BoneMet.Cohorts.Fitting;

/// <summary>Hosmer and Lemeshow's test over deciles of risk (<c>cut(p, quantile(p, 0:10/10), include.lowest = TRUE)</c> in R).</summary>
internal sealed record GoodnessOfFit(double ChiSquare, int DegreesOfFreedom, double[] Observed, double[] Expected, int[] Counts)
{
    public double P => SurvivalTails.ChiSquare(ChiSquare, DegreesOfFreedom);

    public static GoodnessOfFit Deciles(double[] fitted, double[] y)
    {
        var sorted = fitted.Order().ToArray();
        var breaks = Enumerable.Range(0, 11).Select(k => SplineBasis.Quantile(sorted, k / 10.0)).Distinct().ToArray();
        var groups = Math.Max(1, breaks.Length - 1);
        var observed = new double[groups];
        var expected = new double[groups];
        var counts = new int[groups];
        for (var i = 0; i < fitted.Length; i++)
        {
            var group = Array.BinarySearch(breaks, fitted[i]);
            group = Math.Clamp((group < 0 ? ~group : group) - 1, 0, groups - 1);       // right-closed intervals
            observed[group] += y[i];
            expected[group] += fitted[i];
            counts[group]++;
        }
        var chisq = 0.0;
        for (var g = 0; g < groups; g++)
        {
            if (counts[g] > 0) { chisq += (observed[g] - expected[g]) * (observed[g] - expected[g]) / (expected[g] * (1 - (expected[g] / counts[g]))); }
        }
        return new(chisq, Math.Max(1, groups - 2), observed, expected, counts);
    }
}
