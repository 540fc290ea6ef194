namespace BoneMet.Statistics.Distributions;

/// <summary>Fisher's F distribution with d₁ and d₂ degrees of freedom.</summary>
public static class FisherF
{
    /// <summary>P(F ≤ x) = I_{d₁x/(d₁x+d₂)}(d₁/2, d₂/2) (Abramowitz and Stegun 26.6.2).</summary>
    public static double Cdf(double x, double numerator, double denominator) =>
        x <= 0 ? 0 : SpecialFunctions.Beta(numerator / 2, denominator / 2, numerator * x / ((numerator * x) + denominator), denominator / ((numerator * x) + denominator));

    /// <summary>P(F &gt; x).</summary>
    public static double UpperTail(double x, double numerator, double denominator) =>
        x <= 0 ? 1 : SpecialFunctions.Beta(denominator / 2, numerator / 2, denominator / ((numerator * x) + denominator), numerator * x / ((numerator * x) + denominator));

    /// <summary>x with P(F ≤ x) = p.</summary>
    public static double Quantile(double p, double numerator, double denominator) =>
        Quantiles.Invert(p, 0, double.PositiveInfinity, 2, x => Cdf(x, numerator, denominator), x => UpperTail(x, numerator, denominator));
}
