namespace BoneMet.Statistics.Survival;

/// <summary>Product-limit estimate of survival with Greenwood's variance (Kaplan and Meier 1958).</summary>
public static class KaplanMeier
{
    /// <summary>Fits one curve.</summary>
    /// <param name="time">Follow-up, one per subject; finite and not negative.</param>
    /// <param name="status">1 event, 0 censored.</param>
    /// <param name="weights">Case weights; null: 1 each.</param>
    /// <param name="transform">Scale of the confidence limits.</param>
    /// <param name="z">Normal quantile of the limits; 95 % by default.</param>
    /// <exception cref="SurvivalException">No subject, or a time that is not finite.</exception>
    public static SurvivalCurve Fit(ReadOnlySpan<double> time, ReadOnlySpan<int> status, double[]? weights = null, ConfidenceTransform transform = ConfidenceTransform.Log, double z = 1.959963984540054)
    {
        var n = time.Length;
        if (n == 0) { throw new SurvivalException("There is no subject to draw a survival curve from."); }
        var order = new int[n];
        var sorted = new double[n];
        for (var i = 0; i < n; i++)
        {
            if (!double.IsFinite(time[i]) || time[i] < 0) { throw new SurvivalException($"Follow-up time {i + 1} is {time[i]}; it must be a number that is not negative."); }
            order[i] = i;
            sorted[i] = time[i];
        }
        Array.Sort(sorted, order);
        var atRisk = 0.0;
        foreach (var i in order) { atRisk += weights is null ? 1 : weights[i]; }

        List<double> times = [], risks = [], events = [], survivals = [], errors = [], lowers = [], uppers = [];
        var survival = 1.0;
        var greenwood = 0.0;
        for (var at = 0; at < n;)
        {
            double died = 0, left = 0;
            var now = sorted[at];
            for (; at < n && sorted[at] == now; at++)
            {
                var weight = weights is null ? 1 : weights[order[at]];
                left += weight;
                if (status[order[at]] != 0) { died += weight; }
            }
            if (died > 0)
            {
                survival = died >= atRisk * (1 - 1e-14) ? 0 : survival * (1 - (died / atRisk));
                greenwood += died / (atRisk * (atRisk - died));
            }
            var relative = Math.Sqrt(greenwood);             // standard error of log S
            times.Add(now);
            risks.Add(atRisk);
            events.Add(died);
            survivals.Add(survival);
            errors.Add(survival == 0 ? double.NaN : survival * relative);
            var (lower, upper) = Limits(survival, relative, transform, z);
            lowers.Add(lower);
            uppers.Add(upper);
            atRisk -= left;
        }
        return new SurvivalCurve
        {
            Time = [.. times], AtRisk = [.. risks], Events = [.. events], Probability = [.. survivals], StandardError = [.. errors], Lower = [.. lowers], Upper = [.. uppers],
        };
    }

    private static (double Lower, double Upper) Limits(double survival, double relative, ConfidenceTransform transform, double z)
    {
        if (survival == 0) { return (double.NaN, double.NaN); }
        switch (transform)
        {
            case ConfidenceTransform.Plain:
                return (Math.Max(0, survival - (z * survival * relative)), Math.Min(1, survival + (z * survival * relative)));
            case ConfidenceTransform.LogLog:
                if (survival == 1) { return (1, 1); }
                var middle = Math.Log(-Math.Log(survival));
                var half = z * relative / Math.Log(survival);
                return (Math.Exp(-Math.Exp(middle - half)), Math.Exp(-Math.Exp(middle + half)));
            default:
                return (survival * Math.Exp(-z * relative), Math.Min(1, survival * Math.Exp(z * relative)));
        }
    }
}
