namespace BoneMet.Statistics.Survival;

/// <summary>Cox's proportional-hazards regression by Newton's method on the partial likelihood.</summary>
/// <remarks>Cox 1972; ties by Efron 1977 or Breslow 1974; equal to R's <c>survival::coxph</c>.</remarks>
public static class CoxRegression
{
    private const int MaximumIterations = 60;
    /// <summary>Largest gain of a last step, per event: the information it leaves behind then differs from that at the end by about 1e-8 of itself.</summary>
    private const double Converged = 1e-16;           // squared Newton decrement, relative to the log-likelihood's size
    private const double InfiniteEffect = 14;         // log hazard over a column's range with an error above it

    /// <summary>Fits the model.</summary>
    /// <exception cref="SurvivalException">No event, a constant or collinear column, an effect without bound.</exception>
    public static CoxFit Fit(CoxData data, TieHandling ties = TieHandling.Efron, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        Check(data);
        var p = data.Columns.Count;
        var events = data.Status.Count(s => s != 0);
        var sets = new RiskSets(data, ties);
        var beta = new double[p];
        var score = new double[p];
        var information = new double[p * p];
        var step = new double[p];
        var factor = new double[p * p];
        var trial = new double[p];

        var likelihood = sets.Evaluate(beta, score, information);
        var nullLikelihood = likelihood;
        double scoreTest = 0;
        var iterations = 0;
        while (p > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            information.CopyTo(factor, 0);
            var dependent = SmallSystem.Factor(factor, p);
            if (dependent >= 0) { throw Dependent(data, dependent, iterations); }
            score.CopyTo(step, 0);
            SmallSystem.Solve(factor, p, step);
            var decrement = 0.0;
            for (var j = 0; j < p; j++) { decrement += step[j] * score[j]; }
            if (iterations == 0) { scoreTest = decrement; }
            if (decrement <= Converged * events && iterations > 0)
            {
                for (var j = 0; j < p; j++) { beta[j] += step[j]; }
                likelihood += decrement / 2;
                break;
            }
            if (++iterations > MaximumIterations) { throw new SurvivalException($"The Cox model did not converge in {MaximumIterations} steps."); }
            var scale = 1.0;
            double next;
            while (true)
            {
                for (var j = 0; j < p; j++) { trial[j] = beta[j] + (scale * step[j]); }
                next = sets.Evaluate(trial, score, information);
                if (next >= likelihood - (1e-12 * Math.Abs(likelihood))) { break; }
                scale /= 2;
                if (scale < 1e-8) { throw new SurvivalException("The Cox model's likelihood cannot be increased further, yet its slope is not zero."); }
            }
            trial.CopyTo(beta, 0);
            likelihood = next;
        }

        var inverse = p == 0 ? [] : SmallSystem.Inverse(factor, p);
        sets.Unscale(beta, inverse);
        var errors = new double[p];
        for (var j = 0; j < p; j++)
        {
            errors[j] = Math.Sqrt(inverse[(j * p) + j]);
            var range = data.Columns[j].Max() - data.Columns[j].Min();
            if (Math.Abs(beta[j]) * range > InfiniteEffect && errors[j] * range > InfiniteEffect)
            {
                throw new SurvivalException($"The hazard ratio of {data.Names[j]} has no bound: all events, or none, lie at one end of it; merge its levels or leave it out.");
            }
        }
        var linear = sets.CentredPredictor(beta);
        return new CoxFit
        {
            Coefficients = beta, Covariance = inverse, StandardErrors = errors, NullLogLikelihood = nullLikelihood, LogLikelihood = likelihood, ScoreTest = scoreTest,
            WaldTest = p == 0 ? 0 : Wald(inverse, beta), Iterations = iterations, Subjects = data.Time.Length, Events = events, Means = sets.Origin,
            LinearPredictor = linear, Concordance = Survival.Concordance.Compute(data.Time, data.Status, linear, data.Strata, data.Weights, sets.Order), Ties = ties,
        };
    }

    private static double Wald(double[] covariance, double[] beta) => SmallSystem.QuadraticForm(covariance, beta);

    private static void Check(CoxData data)
    {
        var n = data.Time.Length;
        if (n == 0) { throw new SurvivalException("There is no subject to fit a Cox model to."); }
        if (data.Status.Length != n || data.Columns.Any(c => c.Length != n)) { throw new ArgumentException("The columns differ in length.", nameof(data)); }
        for (var i = 0; i < n; i++)
        {
            if (!double.IsFinite(data.Time[i]) || data.Time[i] < 0) { throw new SurvivalException($"Follow-up time {i + 1} is {data.Time[i]}; it must be a number that is not negative."); }
        }
        if (data.Status.All(s => s == 0)) { throw new SurvivalException("There is no event: a Cox model cannot be fitted."); }
        for (var j = 0; j < data.Columns.Count; j++)
        {
            var column = data.Columns[j];
            var constant = true;
            foreach (var value in column)
            {
                if (!double.IsFinite(value)) { throw new SurvivalException($"{data.Names[j]} holds a value that is not a number."); }
                constant &= value == column[0];
            }
            if (constant) { throw new SurvivalException($"{data.Names[j]} has the same value for every subject; its effect cannot be estimated."); }
        }
    }

    private static SurvivalException Dependent(CoxData data, int column, int iterations) => iterations == 0
        ? new($"{data.Names[column]} is a combination of {(column == 0 ? "the strata" : string.Join(", ", data.Names.Take(column)))}; leave one of them out.")
        : new($"The hazard ratio of {data.Names[column]} has no bound: all events, or none, lie at one end of it; merge its levels or leave it out.");
}
