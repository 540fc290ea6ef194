namespace BoneMet.Cohorts.Fitting;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>97.5 % quantile.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>P(|Z| &gt; |z|): complementary error function by series below 2, continued fraction above.</summary>
    public static double TwoSided(double z)
    {
        if (double.IsNaN(z)) { return double.NaN; }
        var x = Math.Abs(z) / Math.Sqrt(2);
        if (x < 2)
        {
            double sum = x, term = x;
            for (var k = 1; k < 200; k++)
            {
                term *= -x * x / k;
                var add = term / ((2 * k) + 1);
                sum += add;
                if (Math.Abs(add) < 1e-18 * Math.Abs(sum)) { break; }
            }
            return 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }
        double f = 0;
        for (var k = 200; k > 0; k--) { f = k / 2.0 / (x + f); }
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * (x + f));
    }
}
