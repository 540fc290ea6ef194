namespace BoneMet.Statistics.Tests;

/// <summary>Location, spread and quantiles.</summary>
public static class Descriptive
{
    /// <summary>Arithmetic mean (two passes, as R); empty input gives NaN.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        if (values.Length == 0) { return double.NaN; }
        var sum = 0.0;
        foreach (var value in values) { sum += value; }
        var mean = sum / values.Length;
        var rest = 0.0;
        foreach (var value in values) { rest += value - mean; }
        return mean + (rest / values.Length);
    }

    /// <summary>Unbiased variance Σ(x − x̄)²/(n − 1); fewer than two values give NaN.</summary>
    public static double Variance(ReadOnlySpan<double> values)
    {
        if (values.Length < 2) { return double.NaN; }
        var mean = Mean(values);
        var sum = 0.0;
        foreach (var value in values) { sum += (value - mean) * (value - mean); }
        return sum / (values.Length - 1);
    }

    /// <summary>Standard deviation, the root of <see cref="Variance"/>.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values) => Math.Sqrt(Variance(values));

    /// <summary>Quantile of sorted values by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, R's default); empty input gives NaN.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.Length == 0) { return double.NaN; }
        var index = 1 + ((sorted.Length - 1) * probability);
        var low = (int)Math.Floor(index);
        if (low >= sorted.Length) { return sorted[^1]; }
        var fraction = index - low;
        return fraction == 0 || sorted[low] == sorted[low - 1] ? sorted[low - 1] : ((1 - fraction) * sorted[low - 1]) + (fraction * sorted[low]);
    }

    /// <summary>Median of values in any order.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return Quantile(sorted, 0.5);
    }

    /// <summary>Gini's mean difference 2/(n(n−1)) Σ (2i − n − 1) x₍ᵢ₎ of sorted values; fewer than two give NaN.</summary>
    /// <remarks>H. A. David (1968); <c>Hmisc::GiniMd</c>.</remarks>
    public static double GiniMeanDifference(ReadOnlySpan<double> sorted)
    {
        var n = sorted.Length;
        if (n < 2) { return double.NaN; }
        var sum = 0.0;
        for (var i = 0; i < n; i++) { sum += ((2.0 * i) + 1 - n) * sorted[i]; }
        return 2 * sum / ((double)n * (n - 1));
    }
}
