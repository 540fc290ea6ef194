using BoneMet.Statistics.Survival;

namespace BoneMet.Statistics.Heterogeneity;

/// <summary>Groups cancer types by survival into prognostic categories (the question of Aging 2020;12:16046).</summary>
/// <remarks>
/// Each type is described by its Kaplan–Meier survival on a common grid of times; Ward's linkage (R's <c>hclust</c>, <c>ward.D2</c>) on the
/// root mean square difference between curves. Categories are numbered from the best survival to the worst.
/// </remarks>
public static class SurvivalClustering
{
    /// <summary>Survival of each type at each time of the grid; past its last follow-up a curve keeps its last value.</summary>
    public static double[][] Profiles(ReadOnlySpan<double> time, ReadOnlySpan<int> status, ReadOnlySpan<int> type, int types, IReadOnlyList<double> grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var profiles = new double[types][];
        for (var t = 0; t < types; t++)
        {
            var times = new List<double>();
            var states = new List<int>();
            for (var i = 0; i < time.Length; i++)
            {
                if (type[i] != t) { continue; }
                times.Add(time[i]);
                states.Add(status[i]);
            }
            if (times.Count == 0) { throw new SurvivalException($"Cancer type {t + 1} has no subject."); }
            var curve = KaplanMeier.Fit(times.ToArray(), states.ToArray());
            profiles[t] = [.. grid.Select(g => curve.IndexAt(g) is >= 0 and var k ? curve.Probability[k] : 1)];
        }
        return profiles;
    }

    /// <summary>Merges by Ward's criterion (squared distances updated by Lance and Williams, heights as distances).</summary>
    public static IReadOnlyList<ClusterNode> Ward(double[][] profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        var n = profiles.Length;
        var squared = new Dictionary<(int, int), double>();
        var size = new Dictionary<int, int>();
        for (var i = 0; i < n; i++)
        {
            size[i] = 1;
            for (var j = 0; j < i; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < profiles[i].Length; k++) { sum += (profiles[i][k] - profiles[j][k]) * (profiles[i][k] - profiles[j][k]); }
                squared[(j, i)] = sum / profiles[i].Length;
            }
        }
        var merges = new List<ClusterNode>();
        for (var step = 0; step < n - 1; step++)
        {
            var (a, b) = squared.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
            var height = squared[(a, b)];
            var merged = n + step;
            foreach (var other in size.Keys.Where(k => k != a && k != b).ToArray())
            {
                double na = size[a], nb = size[b], no = size[other];
                squared[(other, merged)] = (((na + no) * Distance(a, other)) + ((nb + no) * Distance(b, other)) - (no * height)) / (na + nb + no);
            }
            foreach (var key in squared.Keys.Where(k => k.Item1 == a || k.Item2 == a || k.Item1 == b || k.Item2 == b).ToArray()) { squared.Remove(key); }
            size[merged] = size[a] + size[b];
            size.Remove(a);
            size.Remove(b);
            merges.Add(new(a, b, Math.Sqrt(Math.Max(0, height))));
        }
        return merges;

        double Distance(int i, int j) => squared[(Math.Min(i, j), Math.Max(i, j))];
    }

    /// <summary>Cuts the tree into categories, 0 the one with the best mean survival.</summary>
    public static int[] Cut(IReadOnlyList<ClusterNode> merges, double[][] profiles, int categories)
    {
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentNullException.ThrowIfNull(profiles);
        var n = profiles.Length;
        if (categories < 1 || categories > n) { throw new ArgumentOutOfRangeException(nameof(categories), $"{n} types cannot form {categories} categories."); }
        var members = Enumerable.Range(0, n).ToDictionary(i => i, i => new List<int> { i });
        for (var step = 0; step < n - categories; step++)
        {
            var merge = merges[step];
            members[n + step] = [.. members[merge.Left], .. members[merge.Right]];
            members.Remove(merge.Left);
            members.Remove(merge.Right);
        }
        var cut = new int[n];
        var category = 0;
        foreach (var group in members.Values.OrderByDescending(g => g.Average(i => profiles[i].Average())).ThenBy(g => g.Min()))
        {
            foreach (var i in group) { cut[i] = category; }
            category++;
        }
        return cut;
    }

    /// <summary>Category of each type of a second cohort: that of the first cohort's category whose mean curve is nearest; for validation.</summary>
    public static int[] Assign(double[][] profiles, int[] cut, double[][] second)
    {
        ArgumentNullException.ThrowIfNull(second);
        var categories = cut.Max() + 1;
        var centres = new double[categories][];
        for (var c = 0; c < categories; c++)
        {
            var inside = profiles.Where((_, i) => cut[i] == c).ToArray();
            centres[c] = [.. Enumerable.Range(0, profiles[0].Length).Select(k => inside.Average(p => p[k]))];
        }
        return [.. second.Select(profile => Enumerable.Range(0, categories).MinBy(c => centres[c].Zip(profile, (a, b) => (a - b) * (a - b)).Sum()))];
    }
}
