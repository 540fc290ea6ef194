using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Regression;

/// <summary>The iterations of R's <c>glm.fit</c> step for step: start at μ = (w y + ½)/(w + 1), stop at a relative change of the deviance.</summary>
internal static class GlmIterations
{
    public static LogisticOutcome Fit(DesignMatrix design, double[] outcome, LogisticOptions options, double epsilon)
    {
        var n = design.Rows;
        var p = design.Columns;
        var rows = Units.Standardise(design, out var mean, out var scale);
        var eta = new double[n];
        for (var i = 0; i < n; i++)
        {
            var w = options.Weights?[i] ?? 1;
            var mu = ((w * outcome[i]) + 0.5) / (w + 1);
            eta[i] = Math.Log(mu / (1 - mu));
        }
        var deviance = -2 * LogLikelihood(eta, outcome, options);
        var information = new double[p * p];
        var right = new double[p];
        var gamma = new double[p];
        for (var iteration = 1; iteration <= Math.Max(25, options.MaxIterations); iteration++)
        {
            Array.Clear(information);
            Array.Clear(right);
            for (var i = 0; i < n; i++)
            {
                var x = rows.AsSpan(i * p, p);
                var w = options.Weights?[i] ?? 1;
                var e = Math.Exp(-Math.Abs(eta[i]));
                var variance = w * e / ((1 + e) * (1 + e));
                var response = (variance * (eta[i] - (options.Offset?[i] ?? 0))) + (w * (outcome[i] - Kernels.Logistic(eta[i])));
                for (var j = 0; j < p; j++)
                {
                    right[j] += response * x[j];
                    for (var k = 0; k <= j; k++) { information[(j * p) + k] += variance * x[j] * x[k]; }
                }
            }
            var factor = Cholesky.Factorise(information, p, 1e-13);
            if (factor.Dependent.Count > 0) { break; }
            factor.Solve(right, gamma);
            for (var i = 0; i < n; i++)
            {
                var x = rows.AsSpan(i * p, p);
                eta[i] = options.Offset?[i] ?? 0;
                for (var j = 0; j < p; j++) { eta[i] += gamma[j] * x[j]; }
            }
            var logLikelihood = LogLikelihood(eta, outcome, options);
            var next = -2 * logLikelihood;
            if (Math.Abs(next - deviance) / (Math.Abs(next) + 0.1) < epsilon)
            {
                var covariance = factor.Inverse();
                var beta = Units.Restore(gamma, covariance, mean, scale, design.HasIntercept);
                return new LogisticOutcome.Fitted(new LogisticFit(design, outcome, options, beta, covariance, logLikelihood,
                    LogisticRegression.NullLogLikelihood(design, outcome, options), iteration, $"maximum likelihood, stopped as R's glm with epsilon {epsilon}"));
            }
            deviance = next;
        }
        return LogisticRegression.NotConverged(options);
    }

    private static double LogLikelihood(double[] eta, double[] outcome, LogisticOptions options)
    {
        var sum = 0.0;
        for (var i = 0; i < eta.Length; i++)
        {
            sum += (options.Weights?[i] ?? 1) * ((outcome[i] * eta[i]) - Math.Max(eta[i], 0) - Distributions.SpecialFunctions.Log1P(Math.Exp(-Math.Abs(eta[i]))));
        }
        return sum;
    }
}
