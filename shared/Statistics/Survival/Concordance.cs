namespace BoneMet.Statistics.Survival;

/// <summary>Harrell's C: of two subjects of whom it is known who died first, how often did that one have the higher score.</summary>
/// <remarks>Pairs with the same event time are left out; equal scores count one half. O(n log n) by counting in a Fenwick tree.</remarks>
public static class Concordance
{
    /// <summary>From this number of subjects on the two sweeps run at the same time.</summary>
    private const int Large = 10_000;

    /// <summary>Computes C; a higher score must mean a higher hazard.</summary>
    public static ConcordanceResult Compute(ReadOnlySpan<double> time, ReadOnlySpan<int> status, ReadOnlySpan<double> score, int[]? strata = null, double[]? weights = null) => Compute(time, status, score, strata, weights, null);

    /// <summary>The same for subjects whose order by stratum and time is known.</summary>
    internal static ConcordanceResult Compute(ReadOnlySpan<double> time, ReadOnlySpan<int> status, ReadOnlySpan<double> score, int[]? strata, double[]? weights, int[]? sorted)
    {
        var n = time.Length;
        var order = new int[n];
        for (var i = 0; i < n; i++) { order[i] = i; }
        var times = time.ToArray();
        if (sorted is not null) { order = sorted; }
        else if (strata is null) { Array.Sort((double[])times.Clone(), order); }
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

        var state = status.ToArray();
        var passes = new Pairs[2];
        if (n > Large) { Parallel.For(0, 2, Sweep); }
        else
        {
            Sweep(0);
            Sweep(1);
        }

        double c = 0, d = 0, t = 0;
        for (var i = 0; i < n; i++)
        {
            c += passes[0].Concordant[i];
            d += passes[0].Discordant[i];
            t += passes[0].Tied[i];
        }
        var pairs = c + d + t;
        if (pairs == 0) { return new(double.NaN, double.NaN, 0, 0, 0); }
        var value = (c + (t / 2)) / pairs;
        var variance = 0.0;
        for (var i = 0; i < n; i++)
        {
            double ci = passes[0].Concordant[i] + passes[1].Concordant[i], di = passes[0].Discordant[i] + passes[1].Discordant[i], ti = passes[0].Tied[i] + passes[1].Tied[i];
            var influence = (ci + (ti / 2) - (value * (ci + di + ti))) / pairs;
            variance += influence * influence;
        }
        return new(value, Math.Sqrt(variance), c, d, t);

        void Sweep(int which) => passes[which] = new Pairs(n, ranks, rank, state, weights, order, times, strata).Run(forwards: which == 1);
    }

    /// <summary>Pairs of each subject: as the one who dies (backwards) or as the one who lives longer (forwards).</summary>
    private sealed class Pairs(int n, int ranks, int[] rank, int[] status, double[]? weights, int[] order, double[] times, int[]? strata)
    {
        private readonly double[] _tree = new double[ranks + 1];
        private readonly double[] _single = new double[ranks];
        private double _total;

        public double[] Concordant { get; } = new double[n];

        public double[] Discordant { get; } = new double[n];

        public double[] Tied { get; } = new double[n];

        public Pairs Run(bool forwards)
        {
            for (var begin = 0; begin < n;)
            {
                var end = begin;
                while (end < n && (strata is null || strata[order[end]] == strata[order[begin]])) { end++; }
                Array.Clear(_tree);
                Array.Clear(_single);
                _total = 0;
                if (forwards) { Forwards(begin, end); } else { Backwards(begin, end); }
                begin = end;
            }
            return this;
        }

        /// <summary>Each event meets those who live longer, or are censored at its time.</summary>
        private void Backwards(int begin, int end)
        {
            for (var at = end; at > begin;)
            {
                var first = at - 1;
                while (first > begin && times[order[first - 1]] == times[order[at - 1]]) { first--; }
                for (var k = first; k < at; k++) { if (status[order[k]] == 0) { Insert(order[k]); } }
                for (var k = first; k < at; k++)
                {
                    var i = order[k];
                    if (status[i] == 0) { continue; }
                    var below = Below(_tree, rank[i]);
                    var w = Weight(i);
                    Concordant[i] = w * below;
                    Tied[i] = w * _single[rank[i]];
                    Discordant[i] = w * (_total - below - _single[rank[i]]);
                }
                for (var k = first; k < at; k++) { if (status[order[k]] != 0) { Insert(order[k]); } }
                at = first;
            }
        }

        /// <summary>Each subject meets the events before it (and at its time, if it is censored).</summary>
        private void Forwards(int begin, int end)
        {
            for (var at = begin; at < end;)
            {
                var last = at;
                while (last < end && times[order[last]] == times[order[at]]) { last++; }
                for (var k = at; k < last; k++) { if (status[order[k]] != 0) { Meet(order[k]); } }
                for (var k = at; k < last; k++) { if (status[order[k]] != 0) { Insert(order[k]); } }
                for (var k = at; k < last; k++) { if (status[order[k]] == 0) { Meet(order[k]); } }
                at = last;
            }
        }

        private void Insert(int i)
        {
            var w = Weight(i);
            _total += w;
            _single[rank[i]] += w;
            for (var k = rank[i] + 1; k < _tree.Length; k += k & -k) { _tree[k] += w; }
        }

        private void Meet(int i)
        {
            var below = Below(_tree, rank[i]);
            var w = Weight(i);
            Discordant[i] = w * below;
            Tied[i] = w * _single[rank[i]];
            Concordant[i] = w * (_total - below - _single[rank[i]]);
        }

        private double Weight(int i) => weights is null ? 1 : weights[i];
    }

    /// <summary>Weight of the ranks below <paramref name="rank"/>.</summary>
    private static double Below(double[] tree, int rank)
    {
        var sum = 0.0;
        for (var k = rank; k > 0; k -= k & -k) { sum += tree[k]; }
        return sum;
    }
}
