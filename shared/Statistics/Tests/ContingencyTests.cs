using BoneMet.Statistics.Distributions;

namespace BoneMet.Statistics.Tests;

/// <summary>Tests on tables of counts.</summary>
public static class ContingencyTests
{
    private const double Slack = 1e-7;

    /// <summary>Pearson's χ² Σ (O − E)²/E of an r × c table; with Yates' correction min(½, |O − E|) where asked and the table is 2 × 2 (R's <c>chisq.test</c>).</summary>
    /// <exception cref="StatisticsException">Fewer than two rows or columns, negative counts, or an empty row or column.</exception>
    public static TestResult ChiSquared(int[,] table, bool continuity = true)
    {
        var (rows, columns, total) = Margins(table);
        int r = rows.Length, c = columns.Length;
        var yates = 0.0;
        if (continuity && r == 2 && c == 2)
        {
            yates = 0.5;
            for (var i = 0; i < 2; i++) { for (var j = 0; j < 2; j++) { yates = Math.Min(yates, Math.Abs(table[i, j] - ((double)rows[i] * columns[j] / total))); } }
        }
        var chi = 0.0;
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j < c; j++)
            {
                var expected = (double)rows[i] * columns[j] / total;
                var distance = Math.Abs(table[i, j] - expected) - yates;
                chi += distance * distance / expected;
            }
        }
        var df = (r - 1) * (c - 1);
        return new TestResult(yates > 0 ? "Pearson's chi-squared with Yates' continuity correction" : "Pearson's chi-squared", chi, df, ChiSquare.UpperTail(chi, df));
    }

    /// <summary>Cochran–Armitage test for a trend of proportions (R's <c>prop.trend.test</c>): Armitage 1955, Biometrics 11:375.</summary>
    /// <param name="events">Events per ordered group.</param>
    /// <param name="totals">Rows per group.</param>
    /// <param name="scores">Score of each group; null means 1, 2, 3 ….</param>
    /// <exception cref="StatisticsException">Unequal lengths, or no variation.</exception>
    public static TestResult Trend(IReadOnlyList<int> events, IReadOnlyList<int> totals, IReadOnlyList<double>? scores = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(totals);
        if (events.Count != totals.Count || events.Count < 2 || (scores is not null && scores.Count != events.Count)) { throw new StatisticsException("shape", "A trend test needs events, totals and scores of the same two or more groups."); }
        double n = 0, x = 0, up = 0, ns = 0, nss = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var s = scores?[i] ?? i + 1;
            n += totals[i];
            x += events[i];
            ns += totals[i] * s;
            nss += totals[i] * s * s;
            up += events[i] * s;
        }
        var p = x / n;
        var variance = p * (1 - p) * (nss - (ns * ns / n));
        if (!(variance > 0)) { throw new StatisticsException("no-variation", "One outcome or one score only: a trend cannot be tested."); }
        var chi = (up - (p * ns)) * (up - (p * ns)) / variance;
        return new TestResult("Cochran–Armitage trend", chi, 1, ChiSquare.UpperTail(chi, 1));
    }

    /// <summary>Fisher's exact test of a 2 × 2 table with the conditional odds ratio and exact limits (R's <c>fisher.test</c>).</summary>
    /// <exception cref="StatisticsException">Not 2 × 2, negative counts, or an empty row or column.</exception>
    public static FisherTwoByTwo FisherExact(int[,] table, double level = 0.95)
    {
        var (rows, columns, _) = Margins(table);
        if (rows.Length != 2 || columns.Length != 2) { throw new StatisticsException("shape", "Conditional odds ratios are defined for 2 × 2 tables."); }
        int m = columns[0], n = columns[1], k = rows[0], x = table[0, 0];
        int low = Math.Max(0, k - n), high = Math.Min(k, m);
        var log = new double[high - low + 1];
        for (var i = 0; i < log.Length; i++) { log[i] = SpecialFunctions.LogChoose(m, low + i) + SpecialFunctions.LogChoose(n, k - low - i); }

        var central = Tilt(log, low, 0);
        var observed = central[x - low] * (1 + Slack);
        var p = Math.Min(1, central.Where(d => d <= observed).Sum());
        var alpha = (1 - level) / 2;
        var estimate = x == low ? 0 : x == high ? double.PositiveInfinity : Math.Exp(Root(t => Mean(Tilt(log, low, t), low) - x));
        var lower = x == low ? 0 : Math.Exp(Root(t => Tilt(log, low, t).Skip(x - low).Sum() - alpha));
        var upper = x == high ? double.PositiveInfinity : Math.Exp(Root(t => alpha - Tilt(log, low, t).Take(x - low + 1).Sum()));
        return new FisherTwoByTwo(p, estimate, lower, upper);
    }

    /// <summary>Fisher's exact p of an r × c table: probability, given the margins, of all tables no likelier than the one seen (Freeman and Halton 1951).</summary>
    /// <remarks>Column by column over the multisets of what is left in the rows, with bounds from the likeliest and unlikeliest completions: the network idea of Mehta and Patel 1983.</remarks>
    /// <exception cref="StatisticsException">Bad margins, or a table too large to enumerate (<c>table-too-large</c>).</exception>
    public static TestResult Fisher(int[,] table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (rows, columns, _) = Margins(table);
        if (rows.Length == 2 && columns.Length == 2) { return new TestResult("Fisher's exact test", double.NaN, double.NaN, FisherExact(table).P); }
        return new TestResult("Fisher's exact test (Freeman–Halton)", double.NaN, double.NaN, new FisherNetwork(table, rows, columns).P());
    }

    /// <summary>Standardised difference of a factor between two groups: √((p₁ − p₂)ᵀ S⁻¹ (p₁ − p₂)) over all levels but the first (Yang and Dalton 2012, SAS Global Forum 335). Levels that neither group has are left out; no variation gives NaN.</summary>
    /// <param name="first">Counts per level in the first group.</param>
    /// <param name="second">Counts per level in the second group.</param>
    public static double StandardisedDifference(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double n1 = first.Sum(), n2 = second.Sum();
        var levels = Enumerable.Range(0, first.Count).Where(l => first[l] + second[l] > 0).Skip(1).ToArray();
        var k = levels.Length;
        if (k == 0 || n1 == 0 || n2 == 0) { return double.NaN; }
        var difference = new double[k];
        var spread = new double[k * k];
        for (var a = 0; a < k; a++)
        {
            double pa = first[levels[a]] / n1, qa = second[levels[a]] / n2;
            difference[a] = pa - qa;
            for (var b = 0; b < k; b++)
            {
                double pb = first[levels[b]] / n1, qb = second[levels[b]] / n2;
                spread[(a * k) + b] = a == b ? ((pa * (1 - pa)) + (qa * (1 - qa))) / 2 : -((pa * pb) + (qa * qb)) / 2;
            }
        }
        var factor = LinearAlgebra.Cholesky.Factorise(spread, k);
        if (factor.Dependent.Count > 0) { return double.NaN; }
        var solved = new double[k];
        factor.Solve(difference, solved);
        return Math.Sqrt(difference.Zip(solved, (a, b) => a * b).Sum());
    }

    internal static (int[] Rows, int[] Columns, long Total) Margins(int[,] table)
    {
        ArgumentNullException.ThrowIfNull(table);
        int r = table.GetLength(0), c = table.GetLength(1);
        if (r < 2 || c < 2) { throw new StatisticsException("shape", $"A {r} × {c} table cannot be tested: at least two rows and two columns are needed."); }
        var rows = new int[r];
        var columns = new int[c];
        long total = 0;
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j < c; j++)
            {
                if (table[i, j] < 0) { throw new StatisticsException("negative-count", $"Row {i + 1}, column {j + 1}: the count is {table[i, j]}."); }
                rows[i] += table[i, j];
                columns[j] += table[i, j];
                total += table[i, j];
            }
        }
        if (Array.IndexOf(rows, 0) is >= 0 and var emptyRow) { throw new StatisticsException("empty-margin", $"Row {emptyRow + 1} of the table is empty."); }
        if (Array.IndexOf(columns, 0) is >= 0 and var emptyColumn) { throw new StatisticsException("empty-margin", $"Column {emptyColumn + 1} of the table is empty."); }
        return (rows, columns, total);
    }

    private static double[] Tilt(double[] log, int low, double logOdds)
    {
        var weights = new double[log.Length];
        var top = double.NegativeInfinity;
        for (var i = 0; i < log.Length; i++) { top = Math.Max(top, weights[i] = log[i] + ((low + i) * logOdds)); }
        var sum = 0.0;
        for (var i = 0; i < log.Length; i++) { sum += weights[i] = Math.Exp(weights[i] - top); }
        for (var i = 0; i < log.Length; i++) { weights[i] /= sum; }
        return weights;
    }

    private static double Mean(double[] weights, int low)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) { sum += weights[i] * (low + i); }
        return sum;
    }

    /// <summary>Root of an increasing function by bisection on the log-odds.</summary>
    private static double Root(Func<double, double> increasing)
    {
        double a = -60, b = 60;
        for (var i = 0; i < 200; i++)
        {
            var middle = (a + b) / 2;
            if (middle == a || middle == b) { break; }
            if (increasing(middle) < 0) { a = middle; } else { b = middle; }
        }
        return (a + b) / 2;
    }
}
