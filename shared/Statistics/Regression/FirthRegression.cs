using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Regression;

/// <summary>Firth's penalised likelihood: the score becomes Σ (w(y − μ) + h(½ − μ)) x with h the diagonal of the weighted hat matrix.</summary>
/// <remarks>Heinze and Schemper 2002, Statistics in Medicine 21:2409, equation 2. Standard errors from I(β̂)⁻¹, as <c>logistf</c> before version 1.24.</remarks>
internal static class FirthRegression
{
    public static LogisticOutcome Fit(DesignMatrix design, double[] outcome, LogisticOptions options)
    {
        var n = design.Rows;
        var p = design.Columns;
        var rows = Units.Standardise(design, out var mean, out var scale);
        var gamma = new double[p];
        var (penalised, score, factor, _) = Evaluate(rows, outcome, options, gamma, -1, p);
        for (var iteration = 1; iteration <= options.MaxIterations * 4; iteration++)
        {
            var step = new double[p];
            factor!.Solve(score, step);
            var largest = step.Max(Math.Abs);
            var decrement = step.Zip(score, (a, b) => a * b).Sum();
            var size = largest > 5 ? 5 / largest : 1;
            double[] next;
            (double Penalised, double[] Score, Cholesky? Factor, double LogLikelihood) at;
            do
            {
                next = [.. gamma.Zip(step, (a, b) => a + (size * b))];
                at = Evaluate(rows, outcome, options, next, -1, p);
                size /= 2;
            }
            while ((at.Factor is null || !(at.Penalised >= penalised - (1e-9 * (1 + Math.Abs(penalised))))) && size > 1e-8);
            if (at.Factor is null) { break; }
            gamma = next;
            (penalised, score, factor) = (at.Penalised, at.Score, at.Factor);
            if (decrement > 1e-20) { continue; }
            var covariance = factor.Inverse();
            var beta = Units.Restore(gamma, covariance, mean, scale, design.HasIntercept);
            return new LogisticOutcome.Fitted(new LogisticFit(design, outcome, options, beta, covariance, at.LogLikelihood,
                LogisticRegression.NullLogLikelihood(design, outcome, options), iteration, "Firth's penalised likelihood") { PenalisedLogLikelihood = penalised - LogScale(scale, p) });
        }
        return LogisticRegression.NotConverged(options);
    }

    private static double LogScale(double[] scale, int p)
    {
        // ½ ln|I| in the caller's units differs from the internal one by Σ ln s.
        var sum = 0.0;
        for (var j = 0; j < p; j++) { sum -= Math.Log(scale[j]); }
        return sum;
    }

    private static (double Penalised, double[] Score, Cholesky? Factor, double LogLikelihood) Evaluate(double[] rows, double[] outcome, LogisticOptions options, double[] gamma, int held, int p)
    {
        var n = outcome.Length;
        var information = new double[p * p];
        var mu = new double[n];
        var variance = new double[n];
        var logLikelihood = 0.0;
        for (var i = 0; i < n; i++)
        {
            var x = rows.AsSpan(i * p, p);
            var eta = options.Offset?[i] ?? 0;
            for (var j = 0; j < p; j++) { eta += gamma[j] * x[j]; }
            var w = options.Weights?[i] ?? 1;
            var e = Math.Exp(-Math.Abs(eta));
            mu[i] = Kernels.Logistic(eta);
            variance[i] = w * e / ((1 + e) * (1 + e));
            logLikelihood += w * ((outcome[i] * eta) - Math.Max(eta, 0) - Distributions.SpecialFunctions.Log1P(e));
            for (var j = 0; j < p; j++) { for (var k = 0; k <= j; k++) { information[(j * p) + k] += variance[i] * x[j] * x[k]; } }
        }
        var factor = Cholesky.Factorise(information, p, 1e-14);
        var score = new double[p];
        if (factor.Dependent.Count > 0) { return (double.NegativeInfinity, score, null, logLikelihood); }
        var inverse = factor.Inverse();
        for (var i = 0; i < n; i++)
        {
            var x = rows.AsSpan(i * p, p);
            var hat = 0.0;
            for (var j = 0; j < p; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < p; k++) { sum += inverse[(j * p) + k] * x[k]; }
                hat += x[j] * sum;
            }
            hat *= variance[i];
            var residual = ((options.Weights?[i] ?? 1) * (outcome[i] - mu[i])) + (hat * (0.5 - mu[i]));
            for (var j = 0; j < p; j++) { if (j != held) { score[j] += residual * x[j]; } }
        }
        return (logLikelihood + (0.5 * factor.LogDeterminant()), score, factor, logLikelihood);
    }
}
