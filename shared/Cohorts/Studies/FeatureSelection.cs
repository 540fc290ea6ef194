using BoneMet.Cohorts.Design;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Simulation;

namespace BoneMet.Cohorts.Studies;

/// <summary>Chooses the factors of a model by the LASSO, and judges the whole procedure, choice included, on subjects that took no part in it.</summary>
internal static class FeatureSelection
{
    /// <summary>Folds that choose the penalty.</summary>
    public const int Folds = 10;

    /// <summary>Outer folds, each with its own choice.</summary>
    public const int HonestFolds = 5;

    /// <summary>Fewest subjects with and without the event for a model of one's own: five in each part of the nested folds, and then some.</summary>
    public const int Fewest = 25;

    /// <summary>Folds of equal size and equal share of events.</summary>
    public static int[] Stratified(double[] y, int folds, RandomStream random)
    {
        var fold = new int[y.Length];
        var next = 0;
        foreach (var wanted in (double[])[1, 0])
        {
            int[] rows = [.. Enumerable.Range(0, y.Length).Where(i => y[i] == wanted)];
            for (var i = rows.Length - 1; i > 0; i--)
            {
                var j = random.Below(i + 1);
                (rows[i], rows[j]) = (rows[j], rows[i]);
            }
            foreach (var row in rows) { fold[row] = next++ % folds; }
        }
        return fold;
    }

    /// <summary>Terms with a coefficient at the largest penalty within one standard error of the best; at the best itself where that leaves none. Parents of a chosen product are chosen with it.</summary>
    public static (int[] Terms, double Lambda) Choose(DesignMatrix design, IReadOnlyList<DesignTerm> terms, double[] y, RandomStream random)
    {
        var varying = design.DropColumns(Constant(design));
        var cross = ElasticNet.CrossValidate(varying, y, Folds, foldOf: Stratified(y, Folds, random));
        foreach (var at in (int[])[cross.OneStandardError, cross.Best])
        {
            var step = cross.Path[at];
            var kept = varying.Names.Where((_, j) => j > 0 && step.Coefficients[j] != 0).ToHashSet(StringComparer.Ordinal);
            var chosen = Enumerable.Range(0, terms.Count).Where(t => terms[t].Columns.Any(c => kept.Contains(design.Names[c + 1]))).ToHashSet();
            foreach (var product in chosen.Where(t => terms[t].Parents.Length > 0).ToArray()) { chosen.UnionWith(Enumerable.Range(0, terms.Count).Where(t => terms[product].Parents.Contains(terms[t].Name))); }
            if (chosen.Count > 0) { return ([.. chosen.Order()], step.Lambda); }
        }
        return ([], cross.Path[cross.Best].Lambda);
    }

    /// <summary>Linear predictor of every subject from a model whose factors were chosen and whose coefficients were fitted without its fold; NaN for a fold without a model.</summary>
    /// <param name="design">All factors; column c of a term is column c + 1 here.</param>
    /// <param name="terms">The factors.</param>
    /// <param name="y">0 or 1 per subject.</param>
    /// <param name="fold">Outer fold of each subject.</param>
    /// <param name="seed">Seed; each fold has its own stream.</param>
    /// <param name="times">Counts in how many folds each term was chosen.</param>
    public static double[] OutOfFold(DesignMatrix design, IReadOnlyList<DesignTerm> terms, double[] y, int[] fold, long seed, int[] times)
    {
        var linear = new double[y.Length];
        Array.Fill(linear, double.NaN);
        for (var f = 0; f < HonestFolds; f++)
        {
            int[] train = [.. Enumerable.Range(0, y.Length).Where(i => fold[i] != f)], test = [.. Enumerable.Range(0, y.Length).Where(i => fold[i] == f)];
            var rows = design.SelectRows(train);
            double[] outcome = [.. train.Select(i => y[i])];
            var (chosen, _) = Choose(rows, terms, outcome, new RandomStream(seed, f + 1));
            foreach (var t in chosen) { times[t]++; }
            var kept = chosen.SelectMany(t => terms[t].Columns).Select(c => design.Names[c + 1]).ToHashSet(StringComparer.Ordinal);
            string[] left = [.. design.Names.Skip(1).Where(name => !kept.Contains(name)), .. Constant(rows).Where(kept.Contains)];
            if (left.Length == design.Columns - 1 || Fit(rows.DropColumns(left), outcome) is not { } fit) { continue; }
            var held = design.SelectRows(test).DropColumns(left).LinearPredictor(fit.Coefficients);
            for (var i = 0; i < test.Length; i++) { linear[test[i]] = held[i]; }
        }
        return linear;
    }

    /// <summary>Maximum likelihood, Firth's where the classes are separated; null where neither exists.</summary>
    public static LogisticFit? Fit(DesignMatrix design, double[] y) => LogisticRegression.Fit(design, y) switch
    {
        LogisticOutcome.Fitted fitted => fitted.Fit,
        LogisticOutcome.Separated => (LogisticRegression.Fit(design, y, new LogisticOptions { Firth = true }) as LogisticOutcome.Fitted)?.Fit,
        _ => null,
    };

    private static string[] Constant(DesignMatrix design) =>
        [.. Enumerable.Range(1, design.Columns - 1).Where(j => design.Column(j).IndexOfAnyExcept(design.Column(j)[0]) < 0).Select(j => design.Names[j])];
}
