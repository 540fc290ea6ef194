using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Tests;

/// <summary>Strength of association between two factors, from 0 (none) to 1, whatever their kinds. Missing values (NaN, code −1) are left out pairwise.</summary>
public static class Association
{
    /// <summary>|ρ| of Spearman, ties at mid-ranks. NaN with fewer than two pairs or a constant.</summary>
    public static double Spearman(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length) { throw new StatisticsException("shape", $"{first.Length} values cannot be paired with {second.Length}."); }
        var x = new List<double>(first.Length);
        var y = new List<double>(first.Length);
        for (var i = 0; i < first.Length; i++)
        {
            if (double.IsNaN(first[i]) || double.IsNaN(second[i])) { continue; }
            x.Add(first[i]);
            y.Add(second[i]);
        }
        double[] a = MidRanks([.. x]), b = MidRanks([.. y]);
        double middle = (a.Length + 1) / 2.0, ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            double da = a[i] - middle, db = b[i] - middle;
            ab += da * db;
            aa += da * da;
            bb += db * db;
        }
        return aa > 0 && bb > 0 ? Math.Abs(ab) / Math.Sqrt(aa * bb) : double.NaN;
    }

    /// <summary>V of Cramér: √(χ²/(n·(min(r, c) − 1))) over the levels that occur. NaN where one factor has a single level.</summary>
    public static double CramerV(ReadOnlySpan<int> first, int firstLevels, ReadOnlySpan<int> second, int secondLevels)
    {
        if (first.Length != second.Length) { throw new StatisticsException("shape", $"{first.Length} values cannot be paired with {second.Length}."); }
        var counts = new double[firstLevels, secondLevels];
        double[] rows = new double[firstLevels], columns = new double[secondLevels];
        var n = 0.0;
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i] < 0 || second[i] < 0) { continue; }
            counts[first[i], second[i]]++;
            rows[first[i]]++;
            columns[second[i]]++;
            n++;
        }
        var smaller = Math.Min(rows.Count(c => c > 0), columns.Count(c => c > 0));
        if (smaller < 2) { return double.NaN; }
        var chisq = 0.0;
        for (var r = 0; r < firstLevels; r++)
        {
            for (var c = 0; c < secondLevels; c++)
            {
                var expected = rows[r] * columns[c] / n;
                if (expected > 0) { chisq += (counts[r, c] - expected) * (counts[r, c] - expected) / expected; }
            }
        }
        return Math.Sqrt(chisq / (n * (smaller - 1)));
    }

    /// <summary>Correlation ratio η: √(variance between the levels / variance of the number). NaN where either is constant.</summary>
    public static double CorrelationRatio(ReadOnlySpan<double> number, ReadOnlySpan<int> levels, int count)
    {
        if (number.Length != levels.Length) { throw new StatisticsException("shape", $"{number.Length} values cannot be paired with {levels.Length}."); }
        var sums = new double[count];
        var sizes = new double[count];
        double total = 0, n = 0;
        for (var i = 0; i < number.Length; i++)
        {
            if (double.IsNaN(number[i]) || levels[i] < 0) { continue; }
            sums[levels[i]] += number[i];
            sizes[levels[i]]++;
            total += number[i];
            n++;
        }
        if (n == 0 || sizes.Count(s => s > 0) < 2) { return double.NaN; }
        double mean = total / n, between = 0, all = 0;
        for (var i = 0; i < number.Length; i++) { if (!double.IsNaN(number[i]) && levels[i] >= 0) { all += (number[i] - mean) * (number[i] - mean); } }
        for (var k = 0; k < count; k++) { if (sizes[k] > 0) { between += sizes[k] * ((sums[k] / sizes[k]) - mean) * ((sums[k] / sizes[k]) - mean); } }
        return all > 0 ? Math.Sqrt(Math.Min(1, between / all)) : double.NaN;
    }

    private static double[] MidRanks(double[] values)
    {
        var order = RankSort.Order(values);
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && values[order[end]] == values[order[start]]) { end++; }
            for (var i = start; i < end; i++) { ranks[order[i]] = (start + end + 1) / 2.0; }
            start = end;
        }
        return ranks;
    }
}
