namespace BoneMet.Statistics.Survival;

/// <summary>Log-rank test of equal survival in k groups, optionally within strata (Mantel 1966; Peto and Peto 1972; R's <c>survdiff</c> with rho = 0).</summary>
public static class LogRank
{
    /// <summary>Compares groups.</summary>
    /// <param name="time">Follow-up.</param>
    /// <param name="status">1 event, 0 censored.</param>
    /// <param name="group">Group of each subject, 0 to k−1.</param>
    /// <param name="groups">k.</param>
    /// <param name="strata">Stratum of each subject; null: one.</param>
    /// <exception cref="SurvivalException">Fewer than two groups have subjects.</exception>
    public static LogRankResult Test(ReadOnlySpan<double> time, ReadOnlySpan<int> status, ReadOnlySpan<int> group, int groups, int[]? strata = null)
    {
        var n = time.Length;
        var order = new int[n];
        for (var i = 0; i < n; i++) { order[i] = i; }
        var times = time.ToArray();
        Array.Sort(order, (a, b) => strata is not null && strata[a] != strata[b] ? strata[a].CompareTo(strata[b]) : times[a].CompareTo(times[b]));
        var size = new int[groups];
        foreach (var g in group) { size[g]++; }
        if (size.Count(count => count > 0) < 2) { throw new SurvivalException("The log-rank test needs at least two groups with subjects."); }

        var observed = new double[groups];
        var expected = new double[groups];
        var variance = new double[groups, groups];
        var risk = new double[groups];
        var died = new double[groups];
        var left = new double[groups];
        for (var begin = 0; begin < n;)
        {
            var end = begin;
            Array.Clear(risk);
            while (end < n && (strata is null || strata[order[end]] == strata[order[begin]])) { risk[group[order[end++]]]++; }
            for (var at = begin; at < end;)
            {
                Array.Clear(died);
                Array.Clear(left);
                var now = times[order[at]];
                double deaths = 0, total = 0;
                foreach (var r in risk) { total += r; }
                for (; at < end && times[order[at]] == now; at++)
                {
                    var g = group[order[at]];
                    left[g]++;
                    if (status[order[at]] != 0) { died[g]++; deaths++; }
                }
                if (deaths > 0)
                {
                    for (var g = 0; g < groups; g++)
                    {
                        observed[g] += died[g];
                        expected[g] += deaths * risk[g] / total;
                        if (total <= 1) { continue; }
                        var scale = deaths * risk[g] * (total - deaths) / (total * (total - 1));
                        variance[g, g] += scale;
                        for (var h = 0; h < groups; h++) { variance[g, h] -= scale * risk[h] / total; }
                    }
                }
                for (var g = 0; g < groups; g++) { risk[g] -= left[g]; }
            }
            begin = end;
        }

        var used = Enumerable.Range(0, groups).Where(g => expected[g] > 0).Skip(1).ToArray();
        var difference = new double[used.Length];
        var matrix = new double[used.Length * used.Length];
        for (var i = 0; i < used.Length; i++)
        {
            difference[i] = observed[used[i]] - expected[used[i]];
            for (var j = 0; j < used.Length; j++) { matrix[(i * used.Length) + j] = variance[used[i], used[j]]; }
        }
        var chisq = SmallSystem.QuadraticForm(matrix, difference);
        return new LogRankResult(chisq, used.Length, observed, expected, size);
    }
}
