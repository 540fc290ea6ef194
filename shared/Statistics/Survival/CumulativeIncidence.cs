namespace BoneMet.Statistics.Survival;

/// <summary>Probability of one kind of event where others compete (Aalen and Johansen 1978).</summary>
/// <remarks>Standard error by the infinitesimal jackknife, as the multi-state <c>survfit</c> of R.</remarks>
public static class CumulativeIncidence
{
    /// <summary>Fits the incidence of <paramref name="cause"/>.</summary>
    /// <param name="time">Follow-up.</param>
    /// <param name="cause">0 censored, otherwise the kind of event.</param>
    /// <param name="wanted">The kind whose incidence is asked.</param>
    /// <param name="z">Normal quantile of the confidence limits (on the log scale, as R's default).</param>
    public static SurvivalCurve Fit(ReadOnlySpan<double> time, ReadOnlySpan<int> cause, int wanted, double z = 1.959963984540054)
    {
        var n = time.Length;
        if (n == 0) { throw new SurvivalException("There is no subject to draw an incidence curve from."); }
        var order = new int[n];
        for (var i = 0; i < n; i++) { order[i] = i; }
        var sorted = time.ToArray();
        Array.Sort(sorted, order);

        // Steps of the curve: at risk, events of the kind, all events, survival before.
        List<double> times = [], risks = [], ones = [], alls = [], before = [], incidence = [];
        double survival = 1, sum = 0;
        double atRisk = n;
        for (var at = 0; at < n;)
        {
            var now = sorted[at];
            double one = 0, all = 0, left = 0;
            for (; at < n && sorted[at] == now; at++)
            {
                left++;
                var c = cause[order[at]];
                if (c != 0) { all++; }
                if (c == wanted) { one++; }
            }
            times.Add(now);
            risks.Add(atRisk);
            ones.Add(one);
            alls.Add(all);
            before.Add(survival);
            sum += survival * one / atRisk;
            incidence.Add(sum);
            survival *= 1 - (all / atRisk);
            atRisk -= left;
        }
        var errors = Errors(n, times, risks, ones, alls, before, incidence);
        var lower = new double[times.Count];
        var upper = new double[times.Count];
        for (var k = 0; k < lower.Length; k++)
        {
            var spread = incidence[k] > 0 ? Math.Exp(z * errors[k] / incidence[k]) : double.NaN;
            lower[k] = incidence[k] / spread;
            upper[k] = Math.Min(1, incidence[k] * spread);
        }
        return new SurvivalCurve { Time = [.. times], AtRisk = [.. risks], Events = [.. ones], Probability = [.. incidence], StandardError = errors, Lower = lower, Upper = upper };
    }

    /// <summary>
    /// Variance of F(t) as the sum over event times of the squared influences. With A(s) = F(t) − F(s) over S(s), the jump at s contributes
    /// S(s−)² [ (1 − A)² d₁(n − d₁) + A² d₂(n − d₂) + 2 A(1 − A) d₁ d₂ ] / n³, A taken just after s. The sums over s are kept as polynomials
    /// in F(t), so that the whole curve costs one sweep.
    /// </summary>
    private static double[] Errors(int n, List<double> times, List<double> risks, List<double> ones, List<double> alls, List<double> before, List<double> incidence)
    {
        _ = n;
        var errors = new double[times.Count];
        // Var(t) = Σ c0 + c1 F(t) + c2 F(t)²
        double c0 = 0, c1 = 0, c2 = 0, last = 0;
        for (var k = 0; k < errors.Length; k++)
        {
            double y = risks[k], d1 = ones[k], d2 = alls[k] - ones[k], s = before[k];
            if (alls[k] > 0)
            {
                var cube = s * s / (y * y * y);
                double v1 = cube * d1 * (y - d1), v2 = cube * d2 * (y - d2), v12 = cube * d1 * d2;
                var after = s * (1 - (alls[k] / y));
                if (after > 0)
                {
                    double slope = 1 / after, origin = -incidence[k] / after;       // A = origin + slope F(t)
                    var own = 1 - origin;
                    c0 += (own * own * v1) + (origin * origin * v2) + (2 * own * origin * v12);
                    c1 += (-2 * own * slope * v1) + (2 * origin * slope * v2) + (2 * ((own * slope) - (origin * slope)) * v12);
                    c2 += slope * slope * (v1 + v2 - (2 * v12));
                }
                else { c0 += v1; }
            }
            last = c0 + (c1 * incidence[k]) + (c2 * incidence[k] * incidence[k]);
            errors[k] = Math.Sqrt(Math.Max(0, last));
        }
        return errors;
    }
}
