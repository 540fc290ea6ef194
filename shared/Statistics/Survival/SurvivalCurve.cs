namespace BoneMet.Statistics.Survival;

/// <summary>Steps of a survival or incidence curve: one entry for each distinct time, event or censoring.</summary>
public sealed record SurvivalCurve
{
    /// <summary>Distinct times, ascending.</summary>
    public required double[] Time { get; init; }

    /// <summary>Weight at risk just before each time.</summary>
    public required double[] AtRisk { get; init; }

    /// <summary>Weight of the events at each time.</summary>
    public required double[] Events { get; init; }

    /// <summary>Probability just after each time.</summary>
    public required double[] Probability { get; init; }

    /// <summary>Standard error of the probability.</summary>
    public required double[] StandardError { get; init; }

    /// <summary>Lower confidence limit; NaN where the curve is 0.</summary>
    public required double[] Lower { get; init; }

    /// <summary>Upper confidence limit; NaN where the curve is 0.</summary>
    public required double[] Upper { get; init; }

    /// <summary>Index of the last step at or before <paramref name="time"/>; −1 before the first.</summary>
    public int IndexAt(double time)
    {
        var index = Array.BinarySearch(Time, time);
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>First time at which the curve is at or below one half; NaN when it never is.</summary>
    public double Median()
    {
        for (var i = 0; i < Time.Length; i++)
        {
            if (Math.Abs(Probability[i] - 0.5) < 1e-12)
            {
                var next = i + 1;                      // flat at one half: the middle of the flat piece, as R
                while (next < Time.Length && Probability[next] >= 0.5 - 1e-12) { next++; }
                return next < Time.Length ? (Time[i] + Time[next]) / 2 : Time[i];
            }
            if (Probability[i] < 0.5) { return Time[i]; }
        }
        return double.NaN;
    }
}
