namespace BoneMet.Statistics.Survival;

/// <summary>Tail probabilities of the tests in this folder.</summary>
public static class SurvivalTails
{
    /// <summary>P(χ² &gt; x) with <paramref name="df"/> degrees of freedom: series for small x, Lentz's continued fraction otherwise (relative error below 1e-13).</summary>
    public static double ChiSquare(double x, int df)
    {
        if (double.IsNaN(x) || df <= 0) { return double.NaN; }
        if (x <= 0) { return 1; }
        double a = df / 2.0, y = x / 2;
        var front = Math.Exp((a * Math.Log(y)) - y - LogGammaOfHalf(df));
        if (y < a + 1)
        {
            double term = 1 / a, sum = term;
            for (var k = 1; k < 1000; k++)
            {
                term *= y / (a + k);
                sum += term;
                if (term < sum * 1e-17) { break; }
            }
            return 1 - (front * sum);
        }
        var b = y + 1 - a;
        var c = 1e300;
        var d = 1 / b;
        var h = d;
        for (var k = 1; k < 10_000; k++)
        {
            var an = -k * (k - a);
            b += 2;
            d = 1 / ((an * d) + b);
            c = b + (an / c);
            var delta = d * c;
            h *= delta;
            if (Math.Abs(delta - 1) < 1e-16) { break; }
        }
        return front * h;
    }

    /// <summary>ln Γ(df/2), exact by recursion.</summary>
    private static double LogGammaOfHalf(int df)
    {
        var sum = df % 2 == 0 ? 0.0 : 0.5 * Math.Log(Math.PI);
        for (var k = df % 2 == 0 ? 1.0 : 0.5; k < df / 2.0; k++) { sum += Math.Log(k); }
        return sum;
    }
}
