namespace BoneMet.RiskModels;

/// <summary>Wilson score interval of a proportion, 95 %, without continuity correction.</summary>
public static class WilsonInterval
{
    /// <summary>97.5 % quantile of the standard normal distribution.</summary>
    public const double Z = 1.959963984540054;

    /// <summary>(p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n). Wilson, JASA 1927.</summary>
    public static (double Low, double High) Of(int events, int patients)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patients);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events, patients);
        ArgumentOutOfRangeException.ThrowIfNegative(events);
        double n = patients;
        var p = events / n;
        var z2 = Z * Z;
        var centre = p + (z2 / (2 * n));
        var half = Z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        var divisor = 1 + (z2 / n);
        return (events == 0 ? 0 : (centre - half) / divisor, events == patients ? 1 : (centre + half) / divisor);
    }
}
