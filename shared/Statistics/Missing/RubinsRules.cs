namespace BoneMet.Statistics.Missing;

/// <summary>Rubin's rules: one estimate from m completed tables.</summary>
/// <remarks>Rubin 1987; degrees of freedom for small samples by Barnard and Rubin 1999 (as <c>mice::pool</c>).</remarks>
public static class RubinsRules
{
    /// <summary>Pools one quantity.</summary>
    /// <param name="estimates">Estimate in each table.</param>
    /// <param name="variances">Squared standard error in each table.</param>
    /// <param name="completeDf">Degrees of freedom were the data complete (n − parameters); infinite for large samples.</param>
    public static PooledEstimate Pool(ReadOnlySpan<double> estimates, ReadOnlySpan<double> variances, double completeDf = double.PositiveInfinity)
    {
        var m = estimates.Length;
        if (m < 2 || variances.Length != m) { throw new ImputationException("Rubin's rules need at least two imputations."); }
        double mean = 0, within = 0, between = 0;
        for (var i = 0; i < m; i++)
        {
            mean += estimates[i] / m;
            within += variances[i] / m;
        }
        foreach (var estimate in estimates) { between += (estimate - mean) * (estimate - mean) / (m - 1); }
        var total = within + ((1 + (1.0 / m)) * between);
        var lambda = total > 0 ? (1 + (1.0 / m)) * between / total : 0;
        var old = (m - 1) / Math.Max(lambda * lambda, 1e-24);
        var df = old;
        if (double.IsFinite(completeDf))
        {
            var observed = (completeDf + 1) / (completeDf + 3) * completeDf * (1 - lambda);
            df = old * observed / (old + observed);
        }
        var riv = within > 0 ? (1 + (1.0 / m)) * between / within : double.NaN;
        return new PooledEstimate(mean, Math.Sqrt(total), within, between, df, lambda, (riv + (2 / (df + 3))) / (riv + 1));
    }
}
