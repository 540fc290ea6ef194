namespace BoneMet.Statistics.Distributions;

/// <summary>The beta distribution on [0, 1].</summary>
public static class BetaDistribution
{
    /// <summary>P(X ≤ x) = I_x(a, b), the regularised incomplete beta function.</summary>
    public static double Cdf(double x, double a, double b) => x <= 0 ? 0 : x >= 1 ? 1 : SpecialFunctions.Beta(a, b, x, 1 - x);

    /// <summary>P(X &gt; x) = I_{1−x}(b, a).</summary>
    public static double UpperTail(double x, double a, double b) => x <= 0 ? 1 : x >= 1 ? 0 : SpecialFunctions.Beta(b, a, 1 - x, x);

    /// <summary>x with P(X ≤ x) = p.</summary>
    public static double Quantile(double p, double a, double b) => Quantiles.Invert(p, 0, 1, 1, x => Cdf(x, a, b), x => UpperTail(x, a, b));
}
