namespace BoneMet.Statistics.Survival;

/// <summary>Harrell's C: of two subjects of whom it is known who died first, how often did that one have the higher score.</summary>
/// <remarks>Pairs with the same event time are left out; equal scores count one half. O(n log n) by counting in a Fenwick tree.</remarks>
public static class Concordance
{
    /// <summary>Computes C; a higher score must mean a higher hazard.</summary>
    public static ConcordanceResult Compute(ReadOnlySpan<double> time, ReadOnlySpan<int> status, ReadOnlySpan<double> score, int[]? strata = null, double[]? weights = null)
    {
        var n = time.Length;
        var order = new int[n];
        for (var i = 0; i < n; i++) { order[i] = i; }
        var times = time.ToArray();
        if (strata is null) { Array.Sort((double[])times.Clone(), order); }
        else
        {
            var keys = new (int, double)[n];
            for (var i = 0; i < n; i++) { keys[i] = (strata[i], times[i]); }
            Array.Sort(keys, order);
        }

        var sortedScores = score.ToArray();
        var byScore = new int[n];
        for (var i = 0; i < n; i++) { byScore[i] = i; }
        Array.Sort(sortedScores, byScore);
        var rank = new int[n];
        var ranks = 0;
        for (var i = 0; i < n; i++)
        {
            if (i > 0 && sortedScores[i] != sortedScores[i - 1]) { ranks++; }
            rank[byScore[i]] = ranks;
        }
        ranks = n == 0 ? 0 : ranks + 1;

        var concordant = new double[n];
        var discordant = new double[n];
        var tied = new double[n];
        var tree = new double[ranks + 1];
        var single = new double[ranks];
        for (var begin = 0; begin < n;)
        {
            var end = begin;
            while (end < n && (strata is null || strata[order[end]] == strata[order[begin]])) { end++; }

            // Backwards: each event meets those who live longer, or are censored at its time.
            Array.Clear(tree);
            Array.Clear(single);
            var total = 0.0;
            for (var at = end; at > begin;)
            {
                var first = at - 1;
                while (first > begin && times[order[first - 1]] == times[order[at - 1]]) { first--; }
                for (var k = first; k < at; k++) { if (status[order[k]] == 0) { Insert(order[k]); } }
                for (var k = first; k < at; k++)
                {
                    var i = order[k];
                    if (status[i] == 0) { continue; }
                    var below = Below(tree, rank[i]);
                    var w = Weight(i);
                    concordant[i] += w * below;
                    tied[i] += w * single[rank[i]];
                    discordant[i] += w * (total - below - single[rank[i]]);
                }
                for (var k = first; k < at; k++) { if (status[order[k]] != 0) { Insert(order[k]); } }
                at = first;
            }

            // Forwards: each subject meets the events before it (and at its time, if it is censored).
            Array.Clear(tree);
            Array.Clear(single);
            total = 0;
            for (var at = begin; at < end;)
            {
                var last = at;
                while (last < end && times[order[last]] == times[order[at]]) { last++; }
                for (var k = at; k < last; k++) { if (status[order[k]] != 0) { Meet(order[k]); } }
                for (var k = at; k < last; k++) { if (status[order[k]] != 0) { Insert(order[k]); } }
                for (var k = at; k < last; k++) { if (status[order[k]] == 0) { Meet(order[k]); } }
                at = last;
            }
            begin = end;

            void Insert(int i)
            {
                var w = Weight(i);
                total += w;
                single[rank[i]] += w;
                for (var k = rank[i] + 1; k < tree.Length; k += k & -k) { tree[k] += w; }
            }

            void Meet(int i)
            {
                var below = Below(tree, rank[i]);
                var w = Weight(i);
                discordant[i] += w * below;
                tied[i] += w * single[rank[i]];
                concordant[i] += w * (total - below - single[rank[i]]);
            }
        }

        double c = 0, d = 0, t = 0;
        for (var i = 0; i < n; i++)
        {
            c += concordant[i] / 2;
            d += discordant[i] / 2;
            t += tied[i] / 2;
        }
        var pairs = c + d + t;
        if (pairs == 0) { return new(double.NaN, double.NaN, 0, 0, 0); }
        var value = (c + (t / 2)) / pairs;
        var variance = 0.0;
        for (var i = 0; i < n; i++)
        {
            var influence = (concordant[i] + (tied[i] / 2) - (value * (concordant[i] + discordant[i] + tied[i]))) / pairs;
            variance += influence * influence;
        }
        return new(value, Math.Sqrt(variance), c, d, t);

        double Weight(int i) => weights is null ? 1 : weights[i];
    }

    /// <summary>Weight of the ranks below <paramref name="rank"/>.</summary>
    private static double Below(double[] tree, int rank)
    {
        var sum = 0.0;
        for (var k = rank; k > 0; k -= k & -k) { sum += tree[k]; }
        return sum;
    }
}
