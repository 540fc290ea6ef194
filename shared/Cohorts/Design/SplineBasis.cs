using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Design;

/// <summary>Restricted cubic splines with Harrell's knots, equal to <c>Hmisc::rcspline.eval</c> (norm 2).</summary>
internal static class SplineBasis
{
    private static readonly Dictionary<int, double[]> Quantiles = new()
    {
        [3] = [0.10, 0.5, 0.90], [4] = [0.05, 0.35, 0.65, 0.95], [5] = [0.05, 0.275, 0.5, 0.725, 0.95], [6] = [0.05, 0.23, 0.41, 0.59, 0.77, 0.95],
        [7] = [0.025, 0.18333, 0.34167, 0.5, 0.65833, 0.81667, 0.975],
    };

    /// <summary>Knots at fixed quantiles; below 100 values the outer ones are the fifth smallest and largest.</summary>
    public static double[] Knots(double[] values, int count, string name)
    {
        var sorted = values.Order().ToArray();
        var knots = Quantiles[count].Select(q => Quantile(sorted, q)).ToArray();
        if (sorted.Length < 100)
        {
            if (sorted.Length < 10) { throw new StudyException($"{sorted.Length} values of {name} are too few for a spline."); }
            knots[0] = sorted[4];
            knots[^1] = sorted[^5];
        }
        for (var k = 1; k < count; k++)
        {
            if (knots[k] <= knots[k - 1]) { throw new StudyException($"{name} has too few different values for a spline with {count} knots; take fewer knots or a straight line."); }
        }
        return knots;
    }

    /// <summary>The k − 2 non-linear columns.</summary>
    public static double[][] Expand(double[] values, double[] knots)
    {
        var count = knots.Length;
        double last = knots[^1], before = knots[^2], scale = Math.Pow(last - knots[0], 2);
        var columns = new double[count - 2][];
        for (var j = 0; j < count - 2; j++)
        {
            var knot = knots[j];
            columns[j] = [.. values.Select(x => (Cube(x - knot) + ((((before - knot) * Cube(x - last)) - ((last - knot) * Cube(x - before))) / (last - before))) / scale)];
        }
        return columns;
    }

    /// <summary>R's type 7.</summary>
    public static double Quantile(double[] sorted, double q)
    {
        var at = (sorted.Length - 1) * q;
        var low = (int)Math.Floor(at + 4e-16);
        var part = at - low;
        return part <= 0 || low + 1 >= sorted.Length ? sorted[Math.Min(low, sorted.Length - 1)] : sorted[low] + (part * (sorted[low + 1] - sorted[low]));
    }

    private static double Cube(double x) => x > 0 ? x * x * x : 0;
}
