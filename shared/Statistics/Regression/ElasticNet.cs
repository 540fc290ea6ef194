using BoneMet.Statistics.LinearAlgebra;
using BoneMet.Statistics.Validation;

namespace BoneMet.Statistics.Regression;

/// <summary>Logistic regression with the elastic-net penalty: minimises −ln L/n + λ Σ (α|b| + ½(1 − α) b²) over coefficients b of columns scaled to unit variance (1/n).</summary>
/// <remarks>Friedman, Hastie and Tibshirani 2010, Journal of Statistical Software 33(1): the objective and the grid of <c>glmnet</c>. Solved by proximal Newton steps on the grouped rows
/// with coordinate descent on the p × p information; the intercept is not penalised.</remarks>
public static class ElasticNet
{
    private const double Enough = 1e-6;

    /// <summary>Models along descending penalties, each started from the one before.</summary>
    /// <exception cref="StatisticsException">No intercept, one class, a constant column, or bad options.</exception>
    public static IReadOnlyList<ElasticNetStep> Path(DesignMatrix design, double[] outcome, ElasticNetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(outcome);
        options ??= new ElasticNetOptions();
        var scale = Check(design, outcome, options);
        var data = GroupedDesign.Create(design, outcome);
        var (_, units) = data.Units();
        int p = design.Columns, n = design.Rows;
        var penaltyScale = new double[p];
        for (var j = 1; j < p; j++) { penaltyScale[j] = scale[j] / units[j]; }
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;

        var gamma = new double[p];
        var events = outcome.Sum();
        gamma[0] = Math.Log(events / (n - events));
        var gradient = new double[p];
        var information = new double[p * p];
        var nullLogLikelihood = data.Pass(gamma, data.Weights, gradient, information, threads);
        // The internal intercept of the null model holds for centred columns; others start at 0, so it is the same.
        var largest = 0.0;
        for (var j = 1; j < p; j++) { largest = Math.Max(largest, Math.Abs(gradient[j]) / penaltyScale[j]); }
        var top = largest / n / Math.Max(options.Alpha, 1e-3);
        var share = options.SmallestShare ?? (n < p ? 0.01 : 1e-4);
        var lambdas = options.Lambdas ?? [.. Enumerable.Range(0, options.Count).Select(k => top * Math.Pow(share, k / (options.Count - 1.0)))];

        var steps = new List<ElasticNetStep>();
        var fresh = true;
        var logLikelihood = nullLogLikelihood;
        var before = (double[])gamma.Clone();
        var solved = (double[])gamma.Clone();
        for (var k = 0; k < lambdas.Length; k++)
        {
            if (k > 1)
            {
                // Solutions are nearly linear in λ between changes of the active set: start where the last two point to.
                var ahead = lambdas[k - 2] > lambdas[k - 1] ? (lambdas[k - 1] - lambdas[k]) / (lambdas[k - 2] - lambdas[k - 1]) : 0;
                for (var j = 0; j < p; j++) { if (solved[j] != 0) { gamma[j] = solved[j] + (ahead * (solved[j] - before[j])); } }
            }
            for (var iteration = 0; iteration < 100; iteration++)
            {
                if (!fresh) { logLikelihood = data.Pass(gamma, data.Weights, gradient, information, threads); }
                fresh = false;
                var (size, gain) = Descend(gamma, gradient, information, penaltyScale, n * lambdas[k], options.Alpha);
                logLikelihood += gain;
                if (size < Enough) { break; }
            }
            (before, solved) = (solved, (double[])gamma.Clone());
            var ratio = 1 - (logLikelihood / nullLogLikelihood);
            var beta = data.ToOriginal(gamma);
            steps.Add(new ElasticNetStep(lambdas[k], beta, ratio, beta.Skip(1).Count(b => b != 0)));
            if (options.Lambdas is null && k >= 4 && (ratio > 0.999 || ratio - steps[k - 1].DevianceRatio < 1e-5)) { break; }
        }
        return steps;
    }

    /// <summary>Cross-validates a path by the binomial deviance.</summary>
    /// <param name="design">Columns with an intercept.</param>
    /// <param name="outcome">0 or 1 per row.</param>
    /// <param name="folds">Number of folds, 3 or more.</param>
    /// <param name="seed">Seed of the assignment to folds.</param>
    /// <param name="options">Path options.</param>
    /// <param name="foldOf">Fold of each row (0 … folds − 1), or null to draw them.</param>
    /// <remarks>As <c>cv.glmnet</c>, except that every fold is fitted at the penalties of the whole path, where glmnet interpolates the fold's own path.</remarks>
    /// <exception cref="StatisticsException">As <see cref="Path"/>, or a fold that leaves one class.</exception>
    public static ElasticNetCrossValidation CrossValidate(DesignMatrix design, double[] outcome, int folds = 10, ulong seed = 1, ElasticNetOptions? options = null, int[]? foldOf = null)
    {
        options ??= new ElasticNetOptions();
        var path = Path(design, outcome, options);
        var n = design.Rows;
        if (folds < 3 || folds > n) { throw new StatisticsException("folds", $"{folds} folds cannot be made of {n} rows; at least 3 are needed."); }
        if (foldOf is null)
        {
            var order = new ReplicateStream(seed, 0).Permutation(n);
            foldOf = new int[n];
            for (var i = 0; i < n; i++) { foldOf[order[i]] = i % folds; }
        }
        var fixedPath = options with { Lambdas = [.. path.Select(step => step.Lambda)] };
        var loss = new double[folds][];
        var size = new double[folds];
        for (var f = 0; f < folds; f++)
        {
            var train = Enumerable.Range(0, n).Where(i => foldOf[i] != f).ToArray();
            var test = Enumerable.Range(0, n).Where(i => foldOf[i] == f).ToArray();
            var steps = FoldPath(design.SelectRows(train), [.. train.Select(i => outcome[i])], fixedPath);
            var held = design.SelectRows(test);
            size[f] = test.Length;
            loss[f] = [.. steps.Select(step =>
            {
                var eta = held.LinearPredictor(step.Coefficients);
                var sum = 0.0;
                for (var i = 0; i < test.Length; i++)
                {
                    var probability = Math.Clamp(Kernels.Logistic(eta[i]), 1e-5, 1 - 1e-5);
                    sum -= 2 * Math.Log(outcome[test[i]] == 1 ? probability : 1 - probability);
                }
                return sum / test.Length;
            })];
        }
        var mean = new double[path.Count];
        var error = new double[path.Count];
        for (var k = 0; k < path.Count; k++)
        {
            for (var f = 0; f < folds; f++) { mean[k] += size[f] / n * loss[f][k]; }
            for (var f = 0; f < folds; f++) { error[k] += size[f] / n * (loss[f][k] - mean[k]) * (loss[f][k] - mean[k]); }
            error[k] = Math.Sqrt(error[k] / (folds - 1));
        }
        var best = Array.IndexOf(mean, mean.Min());
        var within = Array.FindIndex(mean, value => value <= mean[best] + error[best]);
        return new ElasticNetCrossValidation(path, mean, error, best, within);
    }

    /// <summary>A path on the rows of some folds, where a rare level may be missing altogether: its coefficient is 0 there, as glmnet has it.</summary>
    private static IReadOnlyList<ElasticNetStep> FoldPath(DesignMatrix train, double[] outcome, ElasticNetOptions options)
    {
        int[] varying = [.. Enumerable.Range(0, train.Columns).Where(j => j == 0 || train.Column(j).IndexOfAnyExcept(train.Column(j)[0]) >= 0)];
        if (varying.Length == train.Columns) { return Path(train, outcome, options); }
        var steps = Path(train.DropColumns([.. train.Names.Where((_, j) => !varying.Contains(j))]), outcome, options);
        return [.. steps.Select(step =>
        {
            var whole = new double[train.Columns];
            for (var k = 0; k < varying.Length; k++) { whole[varying[k]] = step.Coefficients[k]; }
            return step with { Coefficients = whole };
        })];
    }

    /// <summary>Minimises the quadratic model with the penalty from γ and moves γ there; returns the size δᵀHδ of the move and the gain of ln L it predicts (exact to the third order).</summary>
    private static (double Size, double Gain) Descend(double[] gamma, double[] gradient, double[] information, double[] penaltyScale, double lambda, double alpha)
    {
        var p = gamma.Length;
        var delta = new double[p];
        var slope = (double[])gradient.Clone();
        var active = new bool[p];
        // The intercept is free, so it is eliminated: what is left of the information is that of columns centred by the weights.
        var reduced = new double[p * p];
        for (var j = 1; j < p; j++)
        {
            var share = information[j * p] / information[0];
            slope[j] -= share * gradient[0];
            for (var k = 1; k < p; k++) { reduced[(j * p) + k] = information[(j * p) + k] - (share * information[k]); }
        }
        var all = true;
        for (var sweep = 0; sweep < 10_000; sweep++)
        {
            var worst = 0.0;
            for (var j = 1; j < p; j++)
            {
                if (!all && !active[j]) { continue; }
                var row = reduced.AsSpan(j * p, p);
                var h = row[j];
                if (h <= 0) { continue; }
                var now = gamma[j] + delta[j];
                var target = slope[j] + (h * now);
                var soft = lambda * alpha * penaltyScale[j];
                var shrunk = Math.Abs(target) - soft;
                var next = shrunk <= 0 ? 0 : Math.CopySign(shrunk, target) / (h + (lambda * (1 - alpha) * penaltyScale[j] * penaltyScale[j]));
                var change = next - now;
                if (change == 0) { continue; }
                active[j] = true;
                delta[j] += change;
                Kernels.AddScaled(-change, row, slope);
                worst = Math.Max(worst, h * change * change);
            }
            if (worst < 1e-13)
            {
                if (all) { break; }
                all = true;
            }
            else { all = false; }
        }
        var left = gradient[0];
        for (var k = 1; k < p; k++) { left -= information[k] * delta[k]; }
        delta[0] = left / information[0];
        double size = 0, gain = 0;
        for (var j = 0; j < p; j++)
        {
            var along = 0.0;
            for (var k = 0; k < p; k++) { along += information[(j * p) + k] * delta[k]; }
            size += delta[j] * along;
            gain += delta[j] * gradient[j];
        }
        for (var j = 0; j < p; j++) { gamma[j] += delta[j]; }
        return (size, gain - (size / 2));
    }

    private static double[] Check(DesignMatrix design, double[] outcome, ElasticNetOptions options)
    {
        if (!design.HasIntercept) { throw new StatisticsException("no-intercept", "The elastic net here needs a design with an intercept."); }
        if (outcome.Length != design.Rows) { throw new StatisticsException("shape", $"The outcome has {outcome.Length} values for {design.Rows} rows."); }
        if (!(options.Alpha >= 0 && options.Alpha <= 1)) { throw new StatisticsException("alpha", $"Alpha is {options.Alpha}; it lies between 0 and 1."); }
        if (options.Lambdas is { } lambdas && !(lambdas.Length > 0 && lambdas.All(l => l >= 0 && double.IsFinite(l)))) { throw new StatisticsException("lambda", "Penalties must be finite and not negative."); }
        var events = 0;
        for (var i = 0; i < outcome.Length; i++)
        {
            if (outcome[i] is not (0.0 or 1.0)) { throw new StatisticsException("not-binary", $"The outcome of row {i + 1} is {outcome[i]}; it must be 0 or 1."); }
            events += (int)outcome[i];
        }
        if (events == 0 || events == outcome.Length) { throw new StatisticsException("one-class", $"All {outcome.Length} outcomes are {(events == 0 ? 0 : 1)}: with one class there is nothing to predict."); }
        var scale = new double[design.Columns];
        for (var j = 1; j < design.Columns; j++)
        {
            var column = design.Column(j);
            double sum = 0, squares = 0;
            foreach (var value in column) { sum += value; }
            var mean = sum / column.Length;
            foreach (var value in column) { squares += (value - mean) * (value - mean); }
            scale[j] = Math.Sqrt(squares / column.Length);
            if (!(scale[j] > 0)) { throw new StatisticsException("constant-column", $"Column '{design.Names[j]}' is constant: without variation there is no effect to estimate."); }
        }
        return scale;
    }
}
