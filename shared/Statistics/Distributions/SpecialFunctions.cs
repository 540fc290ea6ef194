namespace BoneMet.Statistics.Distributions;

/// <summary>Gamma and beta functions from which the distributions are made; relative error about 1e-13.</summary>
public static class SpecialFunctions
{
    private const double HalfLogTwoPi = 0.918938533204672741780329736406;
    private const double Tiny = 1e-300;

    private static readonly double[] LanczosTerms =
    [
        0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978,
        .33994649984811888699e-4, .46523628927048575665e-4, -.98374475304879564677e-4, .15808870322491248884e-3, -.21026444172410488319e-3,
        .21743961811521264320e-3, -.16431810653676389022e-3, .84418223983852743293e-4, -.26190838401581408670e-4, .36899182659531622704e-5,
    ];

    /// <summary>ln Γ(x) for x &gt; 0 by the Lanczos sum (g = 607/128, 15 terms).</summary>
    /// <remarks>P. Godfrey (2001), "A note on the computation of the convergent Lanczos complex Gamma approximation". x ≤ 0 gives NaN.</remarks>
    public static double LogGamma(double x)
    {
        if (!(x > 0)) { return double.NaN; }
        if (x >= 15) { return ((x - 0.5) * Math.Log(x)) - x + HalfLogTwoPi + StirlingSeries(x); }

        var sum = LanczosTerms[0];
        for (var i = 1; i < LanczosTerms.Length; i++) { sum += LanczosTerms[i] / (x + i); }
        var t = x + (607.0 / 128) + 0.5;
        return ((x + 0.5) * Math.Log(t)) - t + Math.Log(2.5066282746310005 * sum / x);
    }

    /// <summary>ln of the binomial coefficient C(n, k).</summary>
    public static double LogChoose(double n, double k) => LogGamma(n + 1) - LogGamma(k + 1) - LogGamma(n - k + 1);

    /// <summary>Regularised lower incomplete gamma function P(a, x) = γ(a, x) / Γ(a).</summary>
    /// <remarks>Abramowitz and Stegun 6.5.29 (series) and 6.5.31 (continued fraction, Lentz).</remarks>
    public static double GammaP(double a, double x)
    {
        if (!(a > 0) || double.IsNaN(x)) { return double.NaN; }
        if (x <= 0) { return 0; }
        return x < a + 1 ? GammaSeries(a, x) : 1 - GammaFraction(a, x);
    }

    /// <summary>Regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), exact in relative terms in the far tail.</summary>
    /// <remarks>Abramowitz and Stegun 6.5.29 and 6.5.31.</remarks>
    public static double GammaQ(double a, double x)
    {
        if (!(a > 0) || double.IsNaN(x)) { return double.NaN; }
        if (x <= 0) { return 1; }
        return x < a + 1 ? 1 - GammaSeries(a, x) : GammaFraction(a, x);
    }

    /// <summary>Regularised incomplete beta function I_x(a, b).</summary>
    /// <remarks>Abramowitz and Stegun 26.5.8 (continued fraction, Lentz), prefactor by Loader's saddle-point form. Outside a, b &gt; 0 or x in [0, 1]: NaN.</remarks>
    public static double BetaI(double a, double b, double x) => Beta(a, b, x, 1 - x);

    /// <summary>I_x(a, b) where y = 1 − x is given too, so that neither end loses digits.</summary>
    internal static double Beta(double a, double b, double x, double y)
    {
        if (!(a > 0) || !(b > 0) || double.IsNaN(x) || x < 0 || y < 0) { return double.NaN; }
        if (x == 0) { return 0; }
        if (y == 0) { return 1; }
        return x <= (a + 1) / (a + b + 2) ? BetaFraction(a, b, x, y) : 1 - BetaFraction(b, a, y, x);
    }

    /// <summary>x^k e^{−x} / Γ(k + 1) by Loader's saddle point (no cancellation for large k).</summary>
    internal static double PoissonTerm(double k, double x)
    {
        if (x == 0) { return k == 0 ? 1 : 0; }
        if (k == 0) { return Math.Exp(-x); }
        return Math.Exp(-StirlingError(k) - Deviance(k, x)) / Math.Sqrt(2 * Math.PI * k);
    }

    /// <summary>C(n, k) p^k q^{n−k} by Loader's saddle point; k and n need not be whole.</summary>
    internal static double BinomialTerm(double k, double n, double p, double q)
    {
        if (p == 0) { return k == 0 ? 1 : 0; }
        if (q == 0) { return k == n ? 1 : 0; }
        if (k == 0) { return Math.Exp(n * LogOneMinus(p, q)); }
        if (k == n) { return Math.Exp(n * LogOneMinus(q, p)); }
        var exponent = StirlingError(n) - StirlingError(k) - StirlingError(n - k) - Deviance(k, n * p) - Deviance(n - k, n * q);
        return Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * k * (n - k)));
    }

    private static double LogOneMinus(double p, double q) => p < 0.1 ? Log1P(-p) : Math.Log(q);

    /// <summary>ln(1 + x) without loss for small x.</summary>
    /// <remarks>W. Kahan's correction of the rounded sum.</remarks>
    internal static double Log1P(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }

    private static double GammaSeries(double a, double x)
    {
        double sum = 1, term = 1;
        for (var n = 1; n < 100_000; n++)
        {
            term *= x / (a + n);
            sum += term;
            if (term < sum * 1e-17) { break; }
        }
        return PoissonTerm(a, x) * sum;
    }

    private static double GammaFraction(double a, double x)
    {
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var h = d;
        for (var i = 1; i < 100_000; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = (an * d) + b;
            if (Math.Abs(d) < Tiny) { d = Tiny; }
            c = b + (an / c);
            if (Math.Abs(c) < Tiny) { c = Tiny; }
            d = 1 / d;
            var delta = d * c;
            h *= delta;
            if (Math.Abs(delta - 1) < 1e-16) { break; }
        }
        return PoissonTerm(a, x) * a * h;
    }

    private static double BetaFraction(double a, double b, double x, double y)
    {
        // x^a y^b / (a B(a, b)) = C(a + b, a) x^a y^b · b / (a + b)
        var front = BinomialTerm(a, a + b, x, y) * b / (a + b);
        var c = 1.0;
        var d = 1 - ((a + b) * x / (a + 1));
        if (Math.Abs(d) < Tiny) { d = Tiny; }
        d = 1 / d;
        var h = d;
        for (var m = 1; m < 200_000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 + (even * d);
            if (Math.Abs(d) < Tiny) { d = Tiny; }
            c = 1 + (even / c);
            if (Math.Abs(c) < Tiny) { c = Tiny; }
            d = 1 / d;
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 + (odd * d);
            if (Math.Abs(d) < Tiny) { d = Tiny; }
            c = 1 + (odd / c);
            if (Math.Abs(c) < Tiny) { c = Tiny; }
            d = 1 / d;
            var delta = d * c;
            h *= delta;
            if (Math.Abs(delta - 1) < 1e-16) { break; }
        }
        return front * h;
    }

    /// <summary>ln n! − ln(√(2πn) (n/e)^n).</summary>
    private static double StirlingError(double n) =>
        n >= 15 ? StirlingSeries(n) : LogGamma(n + 1) - ((n + 0.5) * Math.Log(n)) + n - HalfLogTwoPi;

    private static double StirlingSeries(double n)
    {
        var s = 1 / (n * n);
        return ((1.0 / 12) - ((1.0 / 360 - (((1.0 / 1260) - (((1.0 / 1680) - (((1.0 / 1188) - (691.0 / 360360 * s)) * s)) * s)) * s)) * s)) / n;
    }

    /// <summary>k ln(k/x) + x − k without cancellation near k = x (C. Loader 2000, "Fast and accurate computation of binomial probabilities").</summary>
    private static double Deviance(double k, double x)
    {
        if (Math.Abs(k - x) >= 0.1 * (k + x)) { return (k * Math.Log(k / x)) + x - k; }

        var v = (k - x) / (k + x);
        var s = (k - x) * v;
        var term = 2 * k * v;
        v *= v;
        for (var j = 1; j < 1000; j++)
        {
            term *= v;
            var next = s + (term / ((2 * j) + 1));
            if (next == s) { break; }
            s = next;
        }
        return s;
    }
}
