using BoneMet.Statistics.Distributions;

namespace BoneMet.Statistics.Heterogeneity;

/// <summary>Pools the effects of one factor over strata and judges whether they are the same.</summary>
/// <remarks>
/// Cochran 1954; DerSimonian and Laird 1986; I² of Higgins 2002; REML by Fisher scoring (Viechtbauer 2005, R's <c>metafor::rma</c>).
/// Verdict: heterogeneous when p(Q) &lt; 0.10 and I² ≥ 0.40 (Cochrane Handbook 10.10), not estimable with fewer than two strata.
/// </remarks>
public static class EffectPooling
{
    /// <summary>p of Q below which strata are said to differ.</summary>
    public const double QThreshold = 0.10;

    /// <summary>I² from which a difference is more than might not be important.</summary>
    public const double I2Threshold = 0.40;

    /// <summary>Pools what can be pooled; null when no stratum has an estimate.</summary>
    public static PooledEffect? Pool(IReadOnlyList<StratumEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        var used = effects.Where(e => e.Estimable).ToArray();
        if (used.Length == 0) { return null; }
        var (common, commonError) = Weighted(used, 0);
        var df = used.Length - 1;
        double q = 0, w1 = 0, w2 = 0;
        foreach (var effect in used)
        {
            var w = 1 / (effect.StandardError * effect.StandardError);
            q += w * (effect.Estimate - common) * (effect.Estimate - common);
            w1 += w;
            w2 += w * w;
        }
        var dl = df > 0 ? Math.Max(0, (q - df) / (w1 - (w2 / w1))) : 0;
        var reml = df > 0 ? Reml(used, dl) : 0;
        var (random, randomError) = Weighted(used, reml);
        return new PooledEffect
        {
            Strata = used.Length, Common = common, CommonError = commonError, Q = q, QP = df > 0 ? ChiSquare.UpperTail(q, df) : double.NaN,
            I2 = q > 0 && df > 0 ? Math.Max(0, (q - df) / q) : 0, TauSquaredDl = dl, TauSquaredReml = reml, Random = random, RandomError = randomError,
        };
    }

    /// <summary>The verdict on a pooled effect.</summary>
    public static EffectVerdict Judge(PooledEffect? pooled) =>
        pooled is null || pooled.Strata < 2 ? EffectVerdict.NotEstimable
        : pooled.QP < QThreshold && pooled.I2 >= I2Threshold ? EffectVerdict.Heterogeneous
        : EffectVerdict.Homogeneous;

    private static (double Estimate, double Error) Weighted(StratumEffect[] effects, double tau)
    {
        double sum = 0, weights = 0;
        foreach (var effect in effects)
        {
            var w = 1 / ((effect.StandardError * effect.StandardError) + tau);
            sum += w * effect.Estimate;
            weights += w;
        }
        return (sum / weights, 1 / Math.Sqrt(weights));
    }

    private static double Reml(StratumEffect[] effects, double start)
    {
        var tau = start;
        for (var iteration = 0; iteration < 200; iteration++)
        {
            var (mean, _) = Weighted(effects, tau);
            double w1 = 0, w2 = 0, w3 = 0, squares = 0;
            foreach (var effect in effects)
            {
                var w = 1 / ((effect.StandardError * effect.StandardError) + tau);
                w1 += w;
                w2 += w * w;
                w3 += w * w * w;
                squares += w * w * (effect.Estimate - mean) * (effect.Estimate - mean);
            }
            // Score and information of the restricted likelihood: yᵀPPy − tr P over tr PP.
            var step = (squares - (w1 - (w2 / w1))) / (w2 - (2 * w3 / w1) + (w2 * w2 / (w1 * w1)));
            var next = Math.Max(0, tau + step);
            if (Math.Abs(next - tau) <= 1e-12 * Math.Max(next, 1e-6)) { return next; }
            tau = next;
        }
        return tau;
    }
}
