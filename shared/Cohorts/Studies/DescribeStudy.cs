using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Statistics;
using BoneMet.Statistics.LinearAlgebra;
using BoneMet.Statistics.Tables;
using BoneMet.Statistics.Tests;

namespace BoneMet.Cohorts.Studies;

/// <summary>Table 1: each factor in all subjects and by outcome, every rate with its own numerator, denominator and missing count.</summary>
internal static class DescribeStudy
{
    /// <summary>Fisher's exact test of more than two levels costs too much beyond this number of subjects.</summary>
    private const int FisherLimit = 500;

    public static JsonObject TableOne(Cohort cohort, CancellationToken cancellation)
    {
        var y = cohort.Outcome.Values;
        int[] known = [.. Enumerable.Range(0, y.Length).Where(i => !double.IsNaN(y[i]))];
        var factors = new JsonArray();
        foreach (var spec in cohort.Factors.Where(f => f.Columns.Length == 1).DistinctBy(f => f.Columns[0]))
        {
            cancellation.ThrowIfCancellationRequested();
            var column = cohort.Table[spec.Columns[0]];
            if (column is DateColumn) { continue; }
            factors.Add((JsonNode)(column is NumericColumn number && !spec.AsLevels ? Number(number, y, known) : Levels(column is NumericColumn n ? n.ToCategorical() : (CategoricalColumn)column, y, known)));
        }
        return new JsonObject
        {
            ["n"] = known.Length, ["n_event"] = known.Count(i => y[i] > 0), ["n_no_event"] = known.Count(i => y[i] == 0), ["outcome_missing"] = y.Length - known.Length,
            ["event"] = $"{cohort.Outcome.Name} = {cohort.Outcome.Event}", ["no_event"] = $"{cohort.Outcome.Name} = {cohort.Outcome.Other}", ["factors"] = factors,
        };
    }

    private static JsonObject Number(NumericColumn column, double[] y, int[] known)
    {
        double[] Of(Func<int, bool> where) => [.. known.Where(i => where(i) && !double.IsNaN(column.Values[i])).Select(i => column.Values[i])];
        var with = Of(i => y[i] > 0);
        var without = Of(i => y[i] == 0);
        var (meanA, sdA) = Moments(with);
        var (meanB, sdB) = Moments(without);
        var welch = Test(() => MeanTests.Welch(with, without));
        return new JsonObject
        {
            ["factor"] = column.Name, ["kind"] = "numeric", ["unit"] = column.Unit, ["missing"] = known.Count(i => double.IsNaN(column.Values[i])), ["all"] = Summary(Of(_ => true)), ["event"] = Summary(with), ["no_event"] = Summary(without),
            ["smd"] = Json.Number((meanA - meanB) / Math.Sqrt(((sdA * sdA) + (sdB * sdB)) / 2)), ["student"] = Test(() => MeanTests.Student(with, without)), ["welch"] = welch, ["mann_whitney"] = Test(() => MeanTests.MannWhitney(with, without)),
            ["p"] = welch?["p"]?.DeepClone(),
        };
    }

    private static JsonObject Summary(double[] values)
    {
        var sorted = values.Order().ToArray();
        var (mean, sd) = Moments(values);
        return new JsonObject
        {
            ["n"] = values.Length, ["mean"] = Json.Number(mean), ["sd"] = Json.Number(sd), ["min"] = Json.Number(sorted.Length > 0 ? sorted[0] : double.NaN), ["q1"] = Json.Number(Q(sorted, 0.25)),
            ["median"] = Json.Number(Q(sorted, 0.5)), ["q3"] = Json.Number(Q(sorted, 0.75)), ["max"] = Json.Number(sorted.Length > 0 ? sorted[^1] : double.NaN),
        };
    }

    private static JsonObject Levels(CategoricalColumn column, double[] y, int[] known)
    {
        var levels = column.DropUnusedLevels();
        var counts = new int[2][];
        for (var g = 0; g < 2; g++)
        {
            counts[g] = new int[levels.Levels.Length];
            foreach (var i in known) { if (levels.Codes[i] >= 0 && y[i] == g) { counts[g][levels.Codes[i]]++; } }
        }
        int without = counts[0].Sum(), with = counts[1].Sum(), all = without + with;
        var table = new int[2, levels.Levels.Length];
        for (var level = 0; level < levels.Levels.Length; level++) { (table[0, level], table[1, level]) = (counts[0][level], counts[1][level]); }
        var pearson = Test(() => ContingencyTests.ChiSquared(table, continuity: false));
        var exact = all <= FisherLimit ? Test(() => ContingencyTests.Fisher(table)) : null;
        var sparse = all > 0 && Enumerable.Range(0, levels.Levels.Length).Any(k => (double)(counts[0][k] + counts[1][k]) * Math.Min(without, with) / all < 5);
        return new JsonObject
        {
            ["factor"] = column.Name, ["kind"] = "categorical", ["missing"] = known.Count(i => levels.Codes[i] < 0),
            ["levels"] = new JsonArray([.. levels.Levels.Select((level, k) => (JsonNode)new JsonObject
            {
                ["level"] = level, ["all"] = Share(counts[0][k] + counts[1][k], all), ["event"] = Share(counts[1][k], with), ["no_event"] = Share(counts[0][k], without),
                ["event_rate"] = Share(counts[1][k], counts[0][k] + counts[1][k]),
            })]),
            ["chisq"] = pearson, ["chisq_yates"] = levels.Levels.Length == 2 ? Test(() => ContingencyTests.ChiSquared(table, continuity: true)) : null, ["fisher"] = exact,
            ["trend"] = levels.Levels.Length > 2 ? Test(() => ContingencyTests.Trend(counts[1], [.. counts[0].Zip(counts[1], (x, z) => x + z)])) : null,
            ["p"] = (sparse && exact is not null ? exact : pearson)?["p"]?.DeepClone(), ["smd"] = Json.Number(Difference(counts[1], with, counts[0], without)),
        };
    }

    /// <summary>A test as JSON; null where it is not defined (a constant column, an empty group).</summary>
    private static JsonObject? Test(Func<TestResult> run)
    {
        try
        {
            var test = run();
            return new JsonObject { ["method"] = test.Method, ["statistic"] = Json.Number(test.Statistic), ["df"] = Json.Number(test.DegreesOfFreedom), ["p"] = Json.Number(test.P) };
        }
        catch (StatisticsException) { return null; }
    }

    private static JsonObject Share(int n, int of) => new() { ["n"] = n, ["of"] = of, ["share"] = Json.Number(of > 0 ? (double)n / of : double.NaN) };

    /// <summary>Standardised difference of two multinomial distributions (Yang and Dalton 2012): Mahalanobis length over all but the first level.</summary>
    private static double Difference(int[] a, int na, int[] b, int nb)
    {
        var k = a.Length - 1;
        if (k == 0 || na == 0 || nb == 0) { return double.NaN; }
        var matrix = new double[k * k];
        var difference = new double[k];
        for (var i = 0; i < k; i++)
        {
            double pa = (double)a[i + 1] / na, pb = (double)b[i + 1] / nb;
            difference[i] = pa - pb;
            for (var j = 0; j < k; j++)
            {
                double qa = (double)a[j + 1] / na, qb = (double)b[j + 1] / nb;
                matrix[(i * k) + j] = i == j ? ((pa * (1 - pa)) + (pb * (1 - pb))) / 2 : -((pa * qa) + (pb * qb)) / 2;
            }
        }
        var factor = Cholesky.Factorise(matrix, k);
        if (factor.Dependent.Count > 0) { return double.NaN; }
        var solved = new double[k];
        factor.Solve(difference, solved);
        return Math.Sqrt(difference.Zip(solved, (x, z) => x * z).Sum());
    }

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        if (values.Length == 0) { return (double.NaN, double.NaN); }
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)));
    }

    private static double Q(double[] sorted, double q) => sorted.Length == 0 ? double.NaN : SplineBasis.Quantile(sorted, q);
}
