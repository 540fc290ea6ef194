using BoneMet.Statistics.Distributions;

namespace BoneMet.Statistics.Tests;

/// <summary>A proportion with its own numerator and denominator, and a confidence interval.</summary>
/// <param name="Count">Numerator.</param>
/// <param name="Total">Denominator.</param>
/// <param name="Value">Count / total; NaN where the total is 0.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
public sealed record Proportion(int Count, int Total, double Value, double Low, double High)
{
    /// <summary>A proportion with its interval.</summary>
    /// <exception cref="StatisticsException">A count outside 0 … total.</exception>
    public static Proportion Of(int count, int total, ProportionMethod method = ProportionMethod.Wilson, double level = 0.95)
    {
        if (count < 0 || count > total) { throw new StatisticsException("count", $"{count} of {total} is not a proportion."); }
        if (total == 0) { return new Proportion(0, 0, double.NaN, double.NaN, double.NaN); }
        double n = total, p = count / n, alpha = 1 - level;
        if (method == ProportionMethod.ClopperPearson)
        {
            return new Proportion(count, total, p,
                count == 0 ? 0 : BetaDistribution.Quantile(alpha / 2, count, n - count + 1), count == total ? 1 : BetaDistribution.Quantile(1 - (alpha / 2), count + 1, n - count));
        }
        var z = Normal.Quantile(1 - (alpha / 2));
        var correction = method == ProportionMethod.WilsonContinuity ? Math.Min(0.5, Math.Abs(count - (n / 2))) : 0;
        var shift = z * z / (2 * n);
        double End(int sign)
        {
            var centre = p + (sign * correction / n);
            return (centre + shift + (sign * z * Math.Sqrt(((centre * (1 - centre)) + (shift / 2)) / n))) / (1 + (2 * shift));
        }
        return new Proportion(count, total, p, count == 0 ? 0 : Math.Max(0, End(-1)), count == total ? 1 : Math.Min(1, End(1)));
    }
}
