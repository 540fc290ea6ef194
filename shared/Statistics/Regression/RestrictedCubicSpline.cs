using BoneMet.Statistics.Tests;

namespace BoneMet.Statistics.Regression;

/// <summary>Restricted cubic splines (linear beyond the outer knots) with Harrell's default knots.</summary>
public static class RestrictedCubicSpline
{
    /// <summary>Harrell's knots: quantiles at 0.10–0.90 (3 knots), 0.05–0.95 (4 to 6), 0.025–0.975 (7), evenly spaced in probability;
    /// below 100 values the outer ones are the fifth smallest and fifth largest.</summary>
    /// <remarks>F. E. Harrell, Regression Modeling Strategies, table 2.3; the same rules, ties included, as <c>Hmisc::rcspline.eval</c> 4.8.</remarks>
    /// <exception cref="StatisticsException">Fewer than three knots, fewer than six values, or too many ties for three distinct knots.</exception>
    public static double[] Knots(ReadOnlySpan<double> values, int count)
    {
        if (count < 3) { throw new StatisticsException("knots", "A restricted cubic spline needs at least 3 knots."); }
        var sorted = values.ToArray();
        Array.Sort(sorted);
        if (sorted.Length < 6) { throw new StatisticsException("knots", $"A spline needs at least 6 values; {sorted.Length} were given."); }
        var unique = sorted.Distinct().ToArray();
        if (unique.Length - 2 <= count) { return AtLeastThree(unique.Length > 2 ? unique[1..^1] : []); }

        var outer = count > 6 ? 0.025 : count > 3 ? 0.05 : 0.1;
        var inner = sorted;
        double[] first = [], last = [];
        var left = count;
        var shares = Shares(sorted, unique);
        if (shares.AsSpan(1, shares.Length - 2).ToArray().Max() < 0.05)
        {
            if (shares[0] >= 0.05)
            {
                first = [unique[1]];
                inner = [.. inner.Where(v => v > first[0])];
                left--;
            }
            if (shares[^1] >= 0.05)
            {
                var largest = inner[^1];
                last = [inner.Where(v => v < largest).Max()];
                inner = [.. inner.Where(v => v < last[0])];
                left--;
            }
        }
        double[] knots;
        if (left == 1) { knots = [Descriptive.Quantile(inner, 0.5)]; }
        else
        {
            knots = Evenly(inner, left == 2 ? 0.5 : outer, 1 - outer, left);
            if (knots.Distinct().Count() < Math.Min(left, 3))
            {
                knots = Evenly(inner, outer, 1 - outer, 2 * left);
                if (first.Length > 0 && knots.Distinct().Count() < 3)
                {
                    var middle = last.Length > 0 ? (first[0] + last[0]) / 2 : Descriptive.Quantile(inner, 0.5);
                    knots = [first[0], middle, last.Length > 0 ? last[0] : Descriptive.Quantile(inner, 1 - outer)];
                }
            }
            if (inner.Length < 100 && inner.Length >= 5)
            {
                if (first.Length == 0) { knots[0] = inner[4]; }
                if (last.Length == 0) { knots[left - 1] = inner[^5]; }
            }
        }
        return AtLeastThree([.. first, .. knots, .. last]);
    }

    /// <summary>Spline basis of k knots as k − 1 columns: x itself and k − 2 cubic terms divided by (t_k − t_1)².</summary>
    /// <remarks>Devlin and Weeks (1986) as in Harrell, Regression Modeling Strategies, equation 2.25; <c>rcspline.eval(norm = 2)</c>.</remarks>
    /// <exception cref="StatisticsException">Fewer than three knots or knots that do not increase.</exception>
    public static double[][] Basis(ReadOnlySpan<double> values, IReadOnlyList<double> knots)
    {
        ArgumentNullException.ThrowIfNull(knots);
        var k = knots.Count;
        if (k < 3) { throw new StatisticsException("knots", "A restricted cubic spline needs at least 3 knots."); }
        for (var j = 1; j < k; j++)
        {
            if (!(knots[j] > knots[j - 1])) { throw new StatisticsException("knots", "The knots of a spline must increase."); }
        }
        double last = knots[k - 1], before = knots[k - 2], scale = Math.Pow(last - knots[0], 2.0 / 3);
        var columns = new double[k - 1][];
        columns[0] = values.ToArray();
        for (var j = 0; j < k - 2; j++)
        {
            var column = new double[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var x = values[i];
                column[i] = Cube((x - knots[j]) / scale)
                    + ((((before - knots[j]) * Cube((x - last) / scale)) - ((last - knots[j]) * Cube((x - before) / scale))) / (last - before));
            }
            columns[j + 1] = column;
        }
        return columns;
    }

    private static double Cube(double x) => x > 0 ? x * x * x : 0;

    private static double[] Evenly(double[] sorted, double from, double to, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Descriptive.Quantile(sorted, from + ((to - from) * i / (count - 1))))];

    private static double[] AtLeastThree(double[] knots)
    {
        double[] unique = [.. knots.Distinct().Order()];
        return unique.Length >= 3 ? unique : throw new StatisticsException("knots", "Fewer than 3 distinct knots: the variable has too few distinct values for a spline.");
    }

    private static double[] Shares(double[] sorted, double[] unique)
    {
        var shares = new double[unique.Length];
        var at = 0;
        foreach (var value in sorted)
        {
            while (unique[at] != value) { at++; }
            shares[at] += 1.0 / sorted.Length;
        }
        return shares;
    }
}
