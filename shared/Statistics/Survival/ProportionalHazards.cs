namespace BoneMet.Statistics.Survival;

/// <summary>Test that hazard ratios do not change with time: score test of x·g(t), as <c>cox.zph</c> of R's survival 3.</summary>
/// <remarks>Grambsch and Therneau 1994; g(t) = 1 − Kaplan–Meier just before t, over all subjects.</remarks>
public static class ProportionalHazards
{
    /// <summary>Tests each term, then all together (name <c>GLOBAL</c>).</summary>
    /// <param name="data">The data of the fit.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="terms">Names of terms with the columns that each consists of; null: each column by itself.</param>
    public static IReadOnlyList<ProportionalHazardsTest> Test(CoxData data, CoxFit fit, IReadOnlyList<(string Name, int[] Columns)>? terms = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(fit);
        var p = data.Columns.Count;
        terms ??= [.. data.Names.Select((name, j) => (name, new[] { j }))];
        var curve = KaplanMeier.Fit(data.Time, data.Status, data.Weights);
        double mean = 0, deaths = 0;
        for (var i = 0; i < data.Time.Length; i++)
        {
            if (data.Status[i] == 0) { continue; }
            mean += Before(data.Time[i]);
            deaths++;
        }
        mean /= deaths;

        var score = new double[2 * p];
        var information = new double[4 * p * p];
        new RiskSets(data, fit.Ties).TimeVarying(fit.Coefficients, time => Before(time) - mean, score, information);
        var tests = new List<ProportionalHazardsTest>();
        foreach (var (name, columns) in (IEnumerable<(string, int[])>)[.. terms, ("GLOBAL", Enumerable.Range(0, p).ToArray())])
        {
            int[] kept = [.. Enumerable.Range(0, p), .. columns.Select(j => p + j)];
            var matrix = new double[kept.Length * kept.Length];
            var u = new double[kept.Length];
            for (var a = 0; a < kept.Length; a++)
            {
                u[a] = score[kept[a]];
                for (var b = 0; b < kept.Length; b++) { matrix[(a * kept.Length) + b] = information[(kept[a] * 2 * p) + kept[b]]; }
            }
            tests.Add(new(name, SmallSystem.QuadraticForm(matrix, u), columns.Length));
        }
        return tests;

        double Before(double time)
        {
            var index = Array.BinarySearch(curve.Time, time);
            index = index >= 0 ? index - 1 : ~index - 1;
            return 1 - (index < 0 ? 1 : curve.Probability[index]);
        }
    }
}
