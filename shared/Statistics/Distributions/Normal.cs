namespace BoneMet.Statistics.Distributions;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    private static readonly double[] CentreUp = [2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249, .065682337918207449113];
    private static readonly double[] CentreDown = [47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956];

    private static readonly double[] MiddleUp =
    [
        .39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226, 2494.5375852903726711,
        6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8,
    ];

    private static readonly double[] MiddleDown =
    [
        22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755,
        18615.571640885098091, 34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
    ];

    private static readonly double[] A = [3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3];
    private static readonly double[] B = [1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3];
    private static readonly double[] C = [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4];
    private static readonly double[] D = [1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9];
    private static readonly double[] E = [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7];
    private static readonly double[] F = [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15];

    /// <summary>Density φ(z) = e^{−z²/2} / √(2π).</summary>
    public static double Density(double z) => GaussExp(z) * 0.398942280401432677939946059934;

    /// <summary>Cumulative probability Φ(z).</summary>
    /// <remarks>W. J. Cody (1969), "Rational Chebyshev approximations for the error function"; beyond |z| = 5 the continued fraction of Mills' ratio.</remarks>
    public static double Cdf(double z) => UpperTail(-z);

    /// <summary>Upper tail 1 − Φ(z), exact in relative terms down to 1e-300.</summary>
    public static double UpperTail(double z)
    {
        if (double.IsNaN(z)) { return double.NaN; }
        var y = Math.Abs(z);
        if (y <= 0.67448975)
        {
            var square = z * z;
            var up = CentreUp[4] * square;
            var down = square;
            for (var i = 0; i < 3; i++)
            {
                up = (up + CentreUp[i]) * square;
                down = (down + CentreDown[i]) * square;
            }
            return 0.5 - (z * (up + CentreUp[3]) / (down + CentreDown[3]));
        }

        double tail;
        if (y <= 5)
        {
            var up = MiddleUp[8] * y;
            var down = y;
            for (var i = 0; i < 7; i++)
            {
                up = (up + MiddleUp[i]) * y;
                down = (down + MiddleDown[i]) * y;
            }
            tail = GaussExp(y) * (up + MiddleUp[7]) / (down + MiddleDown[7]);
        }
        else
        {
            var fraction = y;
            for (var k = 200; k >= 1; k--) { fraction = y + (k / fraction); }
            tail = y > 39 ? 0 : Density(y) / fraction;
        }
        return z > 0 ? tail : 1 - tail;
    }

    /// <summary>Two-sided p-value 2 (1 − Φ(|z|)).</summary>
    public static double TwoSided(double z) => Math.Min(1, 2 * UpperTail(Math.Abs(z)));

    /// <summary>Quantile Φ⁻¹(p); p = 0 and 1 give −∞ and +∞, outside [0, 1] NaN.</summary>
    /// <remarks>M. J. Wichura (1988), algorithm AS 241 (PPND16), about 1e-16.</remarks>
    public static double Quantile(double p)
    {
        if (!(p >= 0 && p <= 1)) { return double.NaN; }
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - (q * q);
            return q * Polynomial(A, r) / Polynomial(B, r);
        }
        var tail = q < 0 ? p : 1 - p;
        if (tail == 0) { return q < 0 ? double.NegativeInfinity : double.PositiveInfinity; }
        var s = Math.Sqrt(-Math.Log(tail));
        var value = s <= 5 ? Polynomial(C, s - 1.6) / Polynomial(D, s - 1.6) : Polynomial(E, s - 5) / Polynomial(F, s - 5);
        return q < 0 ? -value : value;
    }

    private static double Polynomial(double[] terms, double x)
    {
        var value = terms[^1];
        for (var i = terms.Length - 2; i >= 0; i--) { value = (value * x) + terms[i]; }
        return value;
    }

    /// <summary>e^{−z²/2} with the square split at 1/16, so that large z keep their digits.</summary>
    private static double GaussExp(double z)
    {
        var y = Math.Abs(z);
        var head = Math.Truncate(y * 16) / 16;
        return Math.Exp(-head * head / 2) * Math.Exp(-(y - head) * (y + head) / 2);
    }
}
