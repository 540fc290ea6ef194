using BoneMet.Statistics.Distributions;

namespace BoneMet.Statistics.Tests;

/// <summary>Comparisons of a numeric variable between two groups.</summary>
public static class MeanTests
{
    /// <summary>Student's t test with pooled variance (R: <c>t.test(var.equal = TRUE)</c>).</summary>
    /// <exception cref="StatisticsException">A group of fewer than two values, a missing value, or no variation at all.</exception>
    public static TestResult Student(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        Check(first, second, 2);
        double n1 = first.Length, n2 = second.Length, df = n1 + n2 - 2;
        var pooled = (((n1 - 1) * Descriptive.Variance(first)) + ((n2 - 1) * Descriptive.Variance(second))) / df;
        return T("Student's t test", Descriptive.Mean(first) - Descriptive.Mean(second), Math.Sqrt(pooled * ((1 / n1) + (1 / n2))), df);
    }

    /// <summary>Welch's t test (R's default <c>t.test</c>): Welch 1947, Biometrika 34:28.</summary>
    /// <exception cref="StatisticsException">As <see cref="Student"/>.</exception>
    public static TestResult Welch(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        Check(first, second, 2);
        double a = Descriptive.Variance(first) / first.Length, b = Descriptive.Variance(second) / second.Length;
        var df = (a + b) * (a + b) / ((a * a / (first.Length - 1)) + (b * b / (second.Length - 1)));
        return T("Welch's t test", Descriptive.Mean(first) - Descriptive.Mean(second), Math.Sqrt(a + b), df);
    }

    /// <summary>Mann–Whitney U (R's <c>wilcox.test</c>): W is the number of pairs in which the first is larger, ties counted ½.</summary>
    /// <remarks>Exact below 50 values per group without ties; otherwise the normal approximation with tie and continuity correction. Mann and Whitney 1947.</remarks>
    /// <exception cref="StatisticsException">An empty group, a missing value, or all values equal.</exception>
    public static TestResult MannWhitney(ReadOnlySpan<double> first, ReadOnlySpan<double> second, bool continuity = true)
    {
        Check(first, second, 1);
        int n1 = first.Length, n2 = second.Length, n = n1 + n2;
        double[] all = [.. first, .. second];
        var order = LinearAlgebra.RankSort.Order(all);
        double rankSum = 0, ties = 0;
        for (var start = 0; start < n;)
        {
            var end = start;
            while (end < n && all[order[end]] == all[order[start]]) { end++; }
            var rank = (start + 1 + end) / 2.0;
            for (var i = start; i < end; i++) { if (order[i] < n1) { rankSum += rank; } }
            double t = end - start;
            ties += (t * t * t) - t;
            start = end;
        }
        var w = rankSum - (n1 * (n1 + 1.0) / 2);
        if (n1 < 50 && n2 < 50 && ties == 0)
        {
            var p = w > n1 * n2 / 2.0 ? 1 - Exact((int)w - 1, n1, n2) : Exact((int)w, n1, n2);
            return new TestResult("Mann–Whitney U, exact", w, double.NaN, Math.Min(1, 2 * p));
        }
        var sigma = Math.Sqrt((double)n1 * n2 / 12 * (n + 1 - (ties / ((double)n * (n - 1)))));
        if (!(sigma > 0)) { throw new StatisticsException("no-variation", "All values are equal: the groups cannot be compared."); }
        var z = w - ((double)n1 * n2 / 2);
        if (continuity) { z -= Math.Sign(z) * 0.5; }
        return new TestResult("Mann–Whitney U, normal approximation", w, double.NaN, Normal.TwoSided(z / sigma));
    }

    /// <summary>Standardised difference (x̄₁ − x̄₂)/√((s₁² + s₂²)/2) (Austin 2009, Statistics in Medicine 28:3083). No variation gives NaN.</summary>
    public static double StandardisedDifference(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var spread = Math.Sqrt((Descriptive.Variance(first) + Descriptive.Variance(second)) / 2);
        return spread > 0 ? (Descriptive.Mean(first) - Descriptive.Mean(second)) / spread : double.NaN;
    }

    private static TestResult T(string method, double difference, double se, double df)
    {
        if (!(se > 0)) { throw new StatisticsException("no-variation", "All values within the groups are equal: a t test is not defined."); }
        return new TestResult(method, difference / se, df, StudentT.TwoSided(difference / se, df));
    }

    /// <summary>P(W ≤ w) by counting the arrangements (recursion of Mann and Whitney).</summary>
    private static double Exact(int w, int n1, int n2)
    {
        if (w < 0) { return 0; }
        var top = n1 * n2;
        // Coefficients of the Gaussian binomial: the product over j of (1 − q^{n2 + j})/(1 − q^j).
        var counts = new double[top + 1];
        counts[0] = 1;
        for (var j = 1; j <= n1; j++)
        {
            for (var i = top; i >= n2 + j; i--) { counts[i] -= counts[i - n2 - j]; }
            for (var i = j; i <= top; i++) { counts[i] += counts[i - j]; }
        }
        double below = 0, all = 0;
        for (var i = 0; i <= top; i++)
        {
            all += counts[i];
            if (i <= w) { below += counts[i]; }
        }
        return below / all;
    }

    private static void Check(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int least)
    {
        if (first.Length < least || second.Length < least) { throw new StatisticsException("too-few-rows", $"The groups have {first.Length} and {second.Length} values; each needs at least {least}."); }
        foreach (var value in first) { if (!double.IsFinite(value)) { throw new StatisticsException("not-a-number", "The first group holds a missing or infinite value."); } }
        foreach (var value in second) { if (!double.IsFinite(value)) { throw new StatisticsException("not-a-number", "The second group holds a missing or infinite value."); } }
    }
}
