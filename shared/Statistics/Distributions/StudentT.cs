namespace BoneMet.Statistics.Distributions;

/// <summary>Student's t distribution with ν degrees of freedom (ν &gt; 0, need not be whole).</summary>
public static class StudentT
{
    /// <summary>P(T ≤ t).</summary>
    public static double Cdf(double t, double degreesOfFreedom) => t <= 0 ? UpperTail(-t, degreesOfFreedom) : 1 - UpperTail(t, degreesOfFreedom);

    /// <summary>P(T &gt; t) = ½ I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0 (Abramowitz and Stegun 26.7.1).</summary>
    public static double UpperTail(double t, double degreesOfFreedom)
    {
        if (t < 0) { return 1 - UpperTail(-t, degreesOfFreedom); }
        if (double.IsPositiveInfinity(t)) { return 0; }
        var square = t * t;
        return 0.5 * SpecialFunctions.Beta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + square), square / (degreesOfFreedom + square));
    }

    /// <summary>Two-sided p-value P(|T| &gt; |t|).</summary>
    public static double TwoSided(double t, double degreesOfFreedom) => Math.Min(1, 2 * UpperTail(Math.Abs(t), degreesOfFreedom));

    /// <summary>t with P(T ≤ t) = p.</summary>
    public static double Quantile(double p, double degreesOfFreedom)
    {
        if (!(p >= 0 && p <= 1)) { return double.NaN; }
        if (p == 0.5) { return 0; }
        if (p < 0.5) { return -UpperQuantile(p, degreesOfFreedom); }
        return UpperQuantile(1 - p, degreesOfFreedom);
    }

    private static double UpperQuantile(double tail, double degreesOfFreedom) =>
        Quantiles.InvertUpper(tail, 0, double.PositiveInfinity, 2, t => UpperTail(t, degreesOfFreedom));
}
