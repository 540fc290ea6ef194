namespace BoneMet.Statistics.Survival;

/// <summary>Fine and Gray's regression of the sub-distribution hazard, for an event with which others compete.</summary>
/// <remarks>
/// JASA 1999;94:496. Subjects with a competing event stay at risk with weight G(t−)/G(T−), G the Kaplan–Meier curve of censoring
/// (as R's <c>finegray</c> followed by <c>coxph(…, weights = fgwt, ties = "breslow")</c>). Standard errors are those of that weighted
/// fit and take the weights as known.
/// </remarks>
public static class FineGray
{
    private const int MaximumIterations = 60;

    /// <summary>Fits the model.</summary>
    /// <param name="data">Subjects; <see cref="CoxData.Status"/> is 0 censored, otherwise the kind of event.</param>
    /// <param name="wanted">The kind whose sub-distribution hazard is modelled.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="SurvivalException">No such event, or a column whose effect cannot be estimated.</exception>
    public static FineGrayFit Fit(CoxData data, int wanted = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Strata is not null || data.Weights is not null) { throw new SurvivalException("The Fine–Gray model takes neither strata nor case weights here."); }
        int n = data.Time.Length, p = data.Columns.Count;
        if (!data.Status.Contains(wanted)) { throw new SurvivalException($"There is no event of kind {wanted}: a Fine–Gray model cannot be fitted."); }
        for (var j = 0; j < p; j++)
        {
            if (data.Columns[j].Max() == data.Columns[j].Min()) { throw new SurvivalException($"{data.Names[j]} has the same value for every subject; its effect cannot be estimated."); }
        }
        var order = new int[n];
        for (var i = 0; i < n; i++) { order[i] = i; }
        var time = (double[])data.Time.Clone();
        Array.Sort(time, order);
        var means = data.Columns.Select(c => c.Average()).ToArray();
        var x = new double[n * p];
        var kind = new int[n];
        for (var i = 0; i < n; i++)
        {
            kind[i] = data.Status[order[i]];
            for (var j = 0; j < p; j++) { x[(i * p) + j] = data.Columns[j][order[i]] - means[j]; }
        }
        var censoring = CensoringBefore(time, kind);
        var beta = new double[p];
        var work = new Work(time, kind, x, p, wanted, censoring, data.Offset is null ? null : [.. order.Select(i => data.Offset[i])]);
        var likelihood = work.Evaluate(beta);
        var start = likelihood;
        var step = new double[p];
        var factor = new double[p * p];
        var trial = new double[p];
        for (var iteration = 0; ; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (iteration > MaximumIterations) { throw new SurvivalException($"The Fine–Gray model did not converge in {MaximumIterations} steps."); }
            work.Information.CopyTo(factor, 0);
            var dependent = SmallSystem.Factor(factor, p);
            if (dependent >= 0) { throw new SurvivalException($"{data.Names[dependent]} is a combination of the columns before it, or its effect has no bound."); }
            work.Score.CopyTo(step, 0);
            SmallSystem.Solve(factor, p, step);
            var decrement = 0.0;
            for (var j = 0; j < p; j++) { decrement += step[j] * work.Score[j]; }
            if (decrement <= 1e-16 * (1 + Math.Abs(likelihood))) { break; }
            for (var scale = 1.0; ; scale /= 2)
            {
                for (var j = 0; j < p; j++) { trial[j] = beta[j] + (scale * step[j]); }
                var next = work.Evaluate(trial);
                if (next >= likelihood - (1e-12 * Math.Abs(likelihood))) { likelihood = next; break; }
                if (scale < 1e-8) { throw new SurvivalException("The Fine–Gray likelihood cannot be increased further, yet its slope is not zero."); }
            }
            trial.CopyTo(beta, 0);
        }
        var covariance = SmallSystem.Inverse(factor, p);
        return new FineGrayFit
        {
            Coefficients = beta, Covariance = covariance, StandardErrors = [.. Enumerable.Range(0, p).Select(j => Math.Sqrt(covariance[(j * p) + j]))], NullLogLikelihood = start, LogLikelihood = likelihood,
            Events = kind.Count(k => k == wanted), CompetingEvents = kind.Count(k => k != 0 && k != wanted), Subjects = n,
        };
    }

    /// <summary>Kaplan–Meier curve of censoring just before each subject's time; at equal times events come before censorings.</summary>
    private static double[] CensoringBefore(double[] time, int[] kind)
    {
        var n = time.Length;
        var before = new double[n];
        var curve = 1.0;
        for (var at = 0; at < n;)
        {
            var end = at;
            int events = 0, censored = 0;
            for (; end < n && time[end] == time[at]; end++) { if (kind[end] == 0) { censored++; } else { events++; } }
            for (var i = at; i < end; i++) { before[i] = curve; }
            if (censored > 0) { curve *= 1 - ((double)censored / (n - at - events)); }
            at = end;
        }
        return before;
    }

    private sealed class Work(double[] time, int[] kind, double[] x, int p, int wanted, double[] censoring, double[]? offset)
    {
        public double[] Score { get; } = new double[p];

        public double[] Information { get; } = new double[p * p];

        public double Evaluate(double[] beta)
        {
            var n = time.Length;
            var risk = new double[n];
            var likelihood = 0.0;
            Array.Clear(Score);
            Array.Clear(Information);
            double s0 = 0, c0 = 0;
            double[] s1 = new double[p], c1 = new double[p], s2 = new double[p * p], c2 = new double[p * p];
            for (var i = 0; i < n; i++)
            {
                var eta = offset is null ? 0 : offset[i];
                for (var j = 0; j < p; j++) { eta += beta[j] * x[(i * p) + j]; }
                risk[i] = Math.Exp(eta);
                if (kind[i] == wanted)
                {
                    likelihood += eta;
                    for (var j = 0; j < p; j++) { Score[j] += x[(i * p) + j]; }
                }
                Accumulate(ref s0, s1, s2, i, risk[i]);
            }
            // Forwards: the plain risk set shrinks, the set of competing events (weight 1/G(T−), to be multiplied by G(t−)) grows.
            for (var at = 0; at < n;)
            {
                var end = at;
                var deaths = 0;
                for (; end < n && time[end] == time[at]; end++) { if (kind[end] == wanted) { deaths++; } }
                if (deaths > 0)
                {
                    var g = censoring[at];
                    var total = s0 + (g * c0);
                    likelihood -= deaths * Math.Log(total);
                    for (var a = 0; a < p; a++)
                    {
                        var mean = (s1[a] + (g * c1[a])) / total;
                        Score[a] -= deaths * mean;
                        for (var b = 0; b < p; b++)
                        {
                            Information[(a * p) + b] += deaths * (((s2[(a * p) + b] + (g * c2[(a * p) + b])) / total) - (mean * (s1[b] + (g * c1[b])) / total));
                        }
                    }
                }
                for (var i = at; i < end; i++)
                {
                    Accumulate(ref s0, s1, s2, i, -risk[i]);
                    if (kind[i] != 0 && kind[i] != wanted) { Accumulate(ref c0, c1, c2, i, risk[i] / censoring[i]); }
                }
                at = end;
            }
            return likelihood;
        }

        private void Accumulate(ref double zero, double[] first, double[] second, int i, double weight)
        {
            zero += weight;
            for (var a = 0; a < p; a++)
            {
                var product = weight * x[(i * p) + a];
                first[a] += product;
                for (var b = 0; b < p; b++) { second[(a * p) + b] += product * x[(i * p) + b]; }
            }
        }
    }
}
