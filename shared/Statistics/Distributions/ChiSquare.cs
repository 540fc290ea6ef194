namespace BoneMet.Statistics.Distributions;

/// <summary>The chi-square distribution with k degrees of freedom (k &gt; 0, need not be whole).</summary>
public static class ChiSquare
{
    /// <summary>P(X ≤ x) = P(k/2, x/2), the regularised lower incomplete gamma function (Abramowitz and Stegun 26.4.19).</summary>
    public static double Cdf(double x, double degreesOfFreedom) => SpecialFunctions.GammaP(degreesOfFreedom / 2, x / 2);

    /// <summary>P(X &gt; x), exact in relative terms: the p-value of a chi-square statistic.</summary>
    public static double UpperTail(double x, double degreesOfFreedom) => SpecialFunctions.GammaQ(degreesOfFreedom / 2, x / 2);

    /// <summary>x with P(X ≤ x) = p.</summary>
    public static double Quantile(double p, double degreesOfFreedom) =>
        Quantiles.Invert(p, 0, double.PositiveInfinity, degreesOfFreedom, x => Cdf(x, degreesOfFreedom), x => UpperTail(x, degreesOfFreedom));
}
