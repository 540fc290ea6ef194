namespace BoneMet.Statistics.Distributions;

/// <summary>Inverts a monotone tail by bracketing and bisection on the better-conditioned side.</summary>
internal static class Quantiles
{
    /// <summary>x in [low, high] (high may be +∞) with cdf(x) = p; upper(x) = 1 − cdf(x) is used for p above one half.</summary>
    public static double Invert(double p, double low, double high, double start, Func<double, double> cdf, Func<double, double> upper)
    {
        if (!(p >= 0 && p <= 1)) { return double.NaN; }
        if (p == 0) { return low; }
        if (p == 1) { return high; }
        return p > 0.5 ? Bisect(low, high, start, x => upper(x) > 1 - p) : Bisect(low, high, start, x => cdf(x) < p);
    }

    /// <summary>x in [low, high] with upper(x) = tail, exact for tails far below the rounding of 1 − tail.</summary>
    public static double InvertUpper(double tail, double low, double high, double start, Func<double, double> upper) =>
        tail == 0 ? high : Bisect(low, high, start, x => upper(x) > tail);

    private static double Bisect(double low, double high, double start, Func<double, bool> below)
    {
        double a = low, b = high;
        if (double.IsInfinity(b))
        {
            b = Math.Max(start, 1);
            while (below(b)) { a = b; b *= 2; }
        }
        for (var i = 0; i < 2000; i++)
        {
            // Geometric halving while the bracket spans magnitudes, arithmetic once it does not.
            var middle = a > 0 && b / a > 4 ? Math.Sqrt(a) * Math.Sqrt(b) : a == 0 && b > 1e-290 && i < 1000 && !below(b * 0.015625) ? b * 0.015625 : a + ((b - a) / 2);
            if (middle <= a || middle >= b) { break; }
            if (below(middle)) { a = middle; } else { b = middle; }
        }
        return b;
    }
}
