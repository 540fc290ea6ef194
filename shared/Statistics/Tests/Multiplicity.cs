namespace BoneMet.Statistics.Tests;

/// <summary>Adjustment of p-values for the number of tests; NaN values stay NaN and are not counted (R's <c>p.adjust</c>).</summary>
public static class Multiplicity
{
    /// <summary>Holm's step-down adjustment, which controls the family-wise error (Holm 1979, Scandinavian Journal of Statistics 6:65).</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        var (result, order) = Sorted(p);
        var largest = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - i) * p[order[i]]));
            result[order[i]] = largest;
        }
        return result;
    }

    /// <summary>Benjamini and Hochberg's adjustment, which controls the false discovery rate (1995, Journal of the Royal Statistical Society B 57:289).</summary>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> p)
    {
        var (result, order) = Sorted(p);
        var smallest = 1.0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            smallest = Math.Min(smallest, order.Length / (i + 1.0) * p[order[i]]);
            result[order[i]] = smallest;
        }
        return result;
    }

    private static (double[] Result, int[] Order) Sorted(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        var result = new double[p.Count];
        Array.Fill(result, double.NaN);
        return (result, [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i])]);
    }
}
