using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Regression;

/// <summary>Logistic regression by maximum (or penalised) likelihood: P(y = 1 | x) = 1/(1 + e^{−xβ}).</summary>
/// <remarks>McCullagh and Nelder, Generalized Linear Models, 2nd edition, sections 2.5 and 4.4. Fits are run to full convergence, so they equal R's <c>glm</c> with epsilon 1e-14.</remarks>
public static class LogisticRegression
{
    /// <summary>Fits the model, or says why it cannot be fitted; bad data never throw and never give a number.</summary>
    /// <param name="design">n × p model matrix.</param>
    /// <param name="outcome">n values 0 or 1.</param>
    /// <param name="options">Weights, offset, penalty, Firth, threads; null for plain maximum likelihood.</param>
    public static LogisticOutcome Fit(DesignMatrix design, double[] outcome, LogisticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(outcome);
        options ??= new LogisticOptions();
        if (Refusal(design, outcome, options) is { } refusal) { return refusal; }

        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        if (options.Firth)
        {
            return DependentColumns(design, options.Weights) is { Length: > 0 } aliased ? Collinear(design, aliased) : FirthRegression.Fit(design, outcome, options);
        }
        var data = GroupedDesign.Create(design, outcome, options.Weights, options.Offset);
        var penalty = InternalPenalty(design, data, options.Ridge);
        var start = Start(design, outcome, options);
        if (options.StopAsGlm is { } epsilon && penalty is null && DependentColumns(design, options.Weights).Length == 0) { return GlmIterations.Fit(design, outcome, options, epsilon); }
        var scratch = new double[data.Length];
        bool? complete = null;
        var result = Newton.Solve(data, data.Weights, start, penalty, 1e-14, options.MaxIterations, threads, -1,
            penalty is null ? direction => IsSeparation(data, direction, scratch, out complete) : null, pivotFloor: penalty is null ? 1e-9 : 0);
        if (result.Iterations == 0) { return DependentColumns(design, options.Weights) is { Length: > 0 } dependent ? Collinear(design, dependent) : QrFit(design, outcome, options); }
        if (result.Direction is not null) { return Separated(design, Runaway(design, data, result.Direction), complete == true); }
        if (!result.Converged) { return NotConverged(options); }

        var covariance = Cholesky.Factorise(result.Information, data.Columns, 0).Inverse();
        var beta = data.ToOriginal(result.Gamma);
        var penaltyPart = 0.0;
        if (penalty is not null) { for (var j = 0; j < penalty.Length; j++) { penaltyPart += 0.5 * penalty[j] * result.Gamma[j] * result.Gamma[j]; } }
        return new LogisticOutcome.Fitted(new LogisticFit(design, outcome, options, beta, data.CovarianceToOriginal(covariance), result.LogLikelihood + penaltyPart,
            NullLogLikelihood(design, outcome, options), result.Iterations, penalty is null ? "maximum likelihood" : "ridge-penalised likelihood"));
    }

    /// <summary>Columns of a design that earlier columns explain (QR, tolerance 1e-9 of the column's norm): what R would report as NA.</summary>
    public static IReadOnlyList<string> AliasedColumns(DesignMatrix design)
    {
        ArgumentNullException.ThrowIfNull(design);
        return DependentColumns(design, null);
    }

    internal static double NullLogLikelihood(DesignMatrix design, double[] outcome, LogisticOptions options)
    {
        double events = 0, total = 0;
        for (var i = 0; i < outcome.Length; i++)
        {
            var w = options.Weights?[i] ?? 1;
            total += w;
            events += w * outcome[i];
        }
        if (options.Offset is null)
        {
            return design.HasIntercept ? (events * Math.Log(events / total)) + ((total - events) * Math.Log((total - events) / total)) : -total * Math.Log(2);
        }
        if (!design.HasIntercept)
        {
            return LogisticSums.Of(DesignMatrix.InterceptOnly(design.Rows), outcome, [0], options.Weights, options.Offset).LogLikelihood;
        }
        var data = GroupedDesign.Create(DesignMatrix.InterceptOnly(design.Rows), outcome, options.Weights, options.Offset);
        return Newton.Solve(data, data.Weights, [Math.Log(events / (total - events))]).LogLikelihood;
    }

    internal static LogisticOutcome NotConverged(LogisticOptions options) =>
        new LogisticOutcome.Refused("not-converged", [], $"The fit did not converge in {options.MaxIterations} Newton steps; the estimates would not be the maximum of the likelihood.");

    private static LogisticOutcome.Refused? Refusal(DesignMatrix design, double[] outcome, LogisticOptions options)
    {
        var n = design.Rows;
        if (outcome.Length != n) { return Refuse("shape", $"The outcome has {outcome.Length} values for {n} rows."); }
        if (options.Weights is { } weights)
        {
            if (weights.Length != n) { return Refuse("shape", $"There are {weights.Length} weights for {n} rows."); }
            for (var i = 0; i < n; i++) { if (!(weights[i] >= 0) || double.IsInfinity(weights[i])) { return Refuse("bad-weight", $"The weight of row {i + 1} is {weights[i]}; weights are finite and not negative."); } }
        }
        if (options.Offset is { } offset)
        {
            if (offset.Length != n) { return Refuse("shape", $"There are {offset.Length} offsets for {n} rows."); }
            for (var i = 0; i < n; i++) { if (!double.IsFinite(offset[i])) { return Refuse("not-a-number", $"The offset of row {i + 1} is not a finite number."); } }
        }
        if (options.Ridge is { } ridge)
        {
            if (ridge.Length != design.Columns) { return Refuse("shape", $"There are {ridge.Length} ridge penalties for {design.Columns} columns."); }
            for (var j = 0; j < ridge.Length; j++) { if (!(ridge[j] >= 0) || double.IsInfinity(ridge[j])) { return Refuse("bad-penalty", $"The ridge penalty of column '{design.Names[j]}' is {ridge[j]}; penalties are finite and not negative."); } }
            if (design.HasIntercept && ridge[0] != 0) { return Refuse("bad-penalty", "The intercept takes no ridge penalty: give 0 for it."); }
            if (options.Firth) { return Refuse("bad-penalty", "Ridge and Firth penalties exclude each other."); }
        }
        int used = 0, events = 0;
        for (var i = 0; i < n; i++)
        {
            if (outcome[i] is not (0.0 or 1.0))
            {
                return double.IsNaN(outcome[i]) ? Refuse("not-a-number", $"The outcome of row {i + 1} is missing (NaN).") : Refuse("not-binary", $"The outcome of row {i + 1} is {outcome[i]}; it must be 0 or 1.");
            }
            if (options.Weights is null || options.Weights[i] > 0) { used++; events += (int)outcome[i]; }
        }
        if (used == 0) { return Refuse("no-rows", "No row has a positive weight: nothing can be estimated."); }
        if (events == 0 || events == used) { return Refuse("one-class", $"All {used} outcomes are {(events == 0 ? 0 : 1)}: with one class there is nothing to predict."); }
        var constant = new List<string>();
        for (var j = design.HasIntercept ? 1 : 0; j < design.Columns; j++) { if (design.Column(j).IndexOfAnyExcept(design.Column(j)[0]) < 0 && (design.HasIntercept || design.Column(j)[0] == 0)) { constant.Add(design.Names[j]); } }
        if (constant.Count > 0) { return new LogisticOutcome.Refused("constant-column", constant, $"Constant column{(constant.Count > 1 ? "s" : "")} {Quote(constant)}: without variation there is no effect to estimate."); }
        if (used < design.Columns && options.Ridge is null) { return Refuse("too-few-rows", $"{used} rows cannot determine {design.Columns} coefficients."); }
        return null;
    }

    private static LogisticOutcome.Refused Refuse(string code, string message) => new(code, [], message);

    private static LogisticOutcome.Refused Collinear(DesignMatrix design, string[] columns) => new("collinear", columns,
        $"Column{(columns.Length > 1 ? "s" : "")} {Quote(columns)} {(columns.Length > 1 ? "are" : "is")} a linear combination of the columns before in '{string.Join(", ", design.TermNames)}': remove {(columns.Length > 1 ? "them" : "it")}, the effect cannot be told apart.");

    private static LogisticOutcome.Separated Separated(DesignMatrix design, string[] columns, bool complete) => new(columns, complete,
        $"{(complete ? "Complete" : "Quasi-complete")} separation: {Quote(columns)} predict{(columns.Length > 1 ? "" : "s")} the outcome without error in {(complete ? "all" : "part of the")} {design.Rows} rows, so the estimate is infinite; use Firth's penalised likelihood.");

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static double[] Start(DesignMatrix design, double[] outcome, LogisticOptions options)
    {
        var start = new double[design.Columns];
        if (design.HasIntercept && options.Offset is null)
        {
            double events = 0, total = 0;
            for (var i = 0; i < outcome.Length; i++) { var w = options.Weights?[i] ?? 1; total += w; events += w * outcome[i]; }
            start[0] = Math.Log(events / (total - events));
        }
        return start;
    }

    private static double[]? InternalPenalty(DesignMatrix design, GroupedDesign data, double[]? ridge)
    {
        if (ridge is null || ridge.All(value => value == 0)) { return null; }
        var (_, scale) = data.Units();
        var penalty = new double[design.Columns];
        for (var j = 0; j < penalty.Length; j++) { penalty[j] = ridge[j] / (scale[j] * scale[j]); }
        return penalty;
    }

    /// <summary>A step d with (2y − 1) x d ≥ 0 in every row and &gt; 0 in some is a direction in which the likelihood rises without end (Albert and Anderson 1984, Biometrika 71:1).</summary>
    private static bool IsSeparation(GroupedDesign data, double[] direction, double[] scratch, out bool? complete)
    {
        data.LinearPredictorOf(direction, scratch);
        double largest = 0, smallest = double.PositiveInfinity;
        for (var i = 0; i < scratch.Length; i++)
        {
            if (data.Weights[i] == 0) { continue; }
            var along = ((2 * data.Outcome[i]) - 1) * scratch[i];
            largest = Math.Max(largest, along);
            smallest = Math.Min(smallest, along);
        }
        // A Newton step moves separated rows by about one unit of log-odds and the others by a vanishing amount.
        complete = smallest > 1e-3 * largest;
        return largest > 0.2 && smallest > -1e-4 * largest;
    }

    private static string[] Runaway(DesignMatrix design, GroupedDesign data, double[] direction)
    {
        var first = design.HasIntercept ? 1 : 0;
        var largest = direction.Skip(first).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return [.. Enumerable.Range(first, design.Columns - first).Where(j => Math.Abs(direction[j]) > 0.05 * largest).Select(j => design.Names[j])];
    }

    private static string[] DependentColumns(DesignMatrix design, double[]? weights)
    {
        var n = design.Rows;
        var matrix = new double[n * design.Columns];
        for (var j = 0; j < design.Columns; j++)
        {
            var from = design.Column(j);
            var mean = 0.0;
            var centre = design.HasIntercept && j > 0;
            if (centre) { foreach (var value in from) { mean += value / n; } }
            for (var i = 0; i < n; i++) { matrix[(j * n) + i] = (from[i] - mean) * Math.Sqrt(weights?[i] ?? 1); }
        }
        if (n < design.Columns) { return [.. design.Names.Skip(n)]; }
        return [.. Householder.Factorise(matrix, n, design.Columns).Dependent.Select(j => design.Names[j])];
    }

    /// <summary>IRLS by QR of √W X for designs whose normal equations would lose too many digits.</summary>
    private static LogisticOutcome QrFit(DesignMatrix design, double[] outcome, LogisticOptions options)
    {
        var n = design.Rows;
        var p = design.Columns;
        var mean = new double[p];
        var scale = new double[p];
        Array.Fill(scale, 1);
        for (var j = design.HasIntercept ? 1 : 0; j < p; j++)
        {
            if (design.HasIntercept) { mean[j] = Tests.Descriptive.Mean(design.Column(j)); }
            var square = 0.0;
            foreach (var value in design.Column(j)) { square += (value - mean[j]) * (value - mean[j]); }
            scale[j] = Math.Sqrt(square / n);
        }
        var gamma = Start(design, outcome, options);
        var matrix = new double[n * p];
        var right = new double[n];
        for (var iteration = 1; iteration <= options.MaxIterations; iteration++)
        {
            var logLikelihood = 0.0;
            for (var i = 0; i < n; i++)
            {
                var eta = options.Offset?[i] ?? 0;
                for (var j = 0; j < p; j++) { eta += gamma[j] * (design.Values[(j * n) + i] - mean[j]) / scale[j]; }
                var w = options.Weights?[i] ?? 1;
                var mu = Kernels.Logistic(eta);
                var e = Math.Exp(-Math.Abs(eta));
                var root = Math.Sqrt(w * e) / (1 + e);
                logLikelihood += w * ((outcome[i] * eta) - Math.Max(eta, 0) - Distributions.SpecialFunctions.Log1P(e));
                right[i] = root > 0 ? w * (outcome[i] - mu) / root : 0;
                for (var j = 0; j < p; j++) { matrix[(j * n) + i] = root * (design.Values[(j * n) + i] - mean[j]) / scale[j]; }
            }
            var qr = Householder.Factorise((double[])matrix.Clone(), n, p, 1e-12);
            if (qr.Dependent.Count > 0) { return NotConverged(options); }
            var step = qr.Solve(right);
            var change = 0.0;
            for (var i = 0; i < n; i++)
            {
                var along = 0.0;
                for (var j = 0; j < p; j++) { along += matrix[(j * n) + i] * step[j]; }
                change += along * along;
            }
            for (var j = 0; j < p; j++) { gamma[j] += step[j]; }
            if (change > 1e-14) { continue; }
            var covariance = qr.CrossProductInverse();
            var beta = Units.Restore(gamma, covariance, mean, scale, design.HasIntercept);
            return new LogisticOutcome.Fitted(new LogisticFit(design, outcome, options, beta, covariance, logLikelihood + (change / 2), NullLogLikelihood(design, outcome, options), iteration, "maximum likelihood (QR)"));
        }
        return NotConverged(options);
    }
}
