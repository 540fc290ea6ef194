using System.Numerics;
using System.Runtime.InteropServices;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Fitting;

/// <summary>Maximum likelihood for binary outcomes by Newton's method (the same steps as IRLS), to a score of zero rather than a small change of deviance.</summary>
internal static class LogisticModel
{
    private const int MaximumIterations = 60;
    private const double Converged = 1e-18;
    private const double Boundless = 14;

    /// <summary>Fits; <paramref name="names"/> are for messages.</summary>
    /// <exception cref="StudyException">Collinear columns or separation.</exception>
    public static LogisticFit Fit(IReadOnlyList<double[]> columns, IReadOnlyList<string> names, double[] y, double[]? offset = null, CancellationToken cancellation = default)
    {
        int n = y.Length, p = columns.Count + 1, stride = (p + 3) / 4 * 4;
        var x = new double[n * stride];
        var mean = new double[p];
        var scale = new double[p];
        scale[0] = 1;
        for (var i = 0; i < n; i++) { x[i * stride] = 1; }
        for (var j = 1; j < p; j++)
        {
            var column = columns[j - 1];
            double sum = 0, spread = 0;
            foreach (var value in column) { sum += value; }
            mean[j] = sum / n;
            foreach (var value in column) { spread += Math.Abs(value - mean[j]); }
            if (!(spread > 1e-12 * n * Math.Abs(mean[j]))) { throw new StudyException($"{names[j - 1]} has the same value for every subject; its effect cannot be estimated."); }
            scale[j] = n / spread;
            for (var i = 0; i < n; i++) { x[(i * stride) + j] = (column[i] - mean[j]) * scale[j]; }
        }
        var rate = y.Average();
        var beta = new double[stride];
        if (offset is null) { beta[0] = Math.Log(rate / (1 - rate)); }
        var eta = new double[n];
        var fitted = new double[n];
        var score = new double[stride];
        var information = new double[stride * stride];
        var factor = new double[p * p];
        var step = new double[p];
        var trial = new double[stride];
        var likelihood = Evaluate(x, stride, p, y, offset, beta, eta, fitted, score, information);
        var iterations = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var a = 0; a < p; a++) { for (var b = 0; b < p; b++) { factor[(a * p) + b] = information[(Math.Min(a, b) * stride) + Math.Max(a, b)]; } }
            var dependent = Symmetric.Factor(factor, p);
            if (dependent >= 0)
            {
                if (iterations > 0) { throw Separated(names, beta, columns, scale, n); }
                throw new StudyException($"{names[Math.Max(0, dependent - 1)]} is a combination of the factors before it ({string.Join(", ", names.Take(Math.Max(0, dependent - 1)))}); leave one of them out.");
            }
            for (var a = 0; a < p; a++) { step[a] = score[a]; }
            Symmetric.Solve(factor, p, step);
            var decrement = 0.0;
            for (var a = 0; a < p; a++) { decrement += step[a] * score[a]; }
            if (decrement <= Converged * n || iterations >= MaximumIterations)
            {
                if (decrement > 1e-8) { throw Separated(names, beta, columns, scale, n); }
                break;
            }
            iterations++;
            var before = likelihood;
            for (var size = 1.0; ; size /= 2)
            {
                for (var a = 0; a < p; a++) { trial[a] = beta[a] + (size * step[a]); }
                likelihood = Evaluate(x, stride, p, y, offset, trial, eta, fitted, score, information);
                if (likelihood >= before - (1e-13 * Math.Abs(before)) || size < 1e-6) { break; }
            }
            trial.CopyTo(beta, 0);
        }

        var scaled = Symmetric.Inverse(factor, p);
        var coefficients = new double[p];
        // Back to the columns as given: β = S γ, intercept less Σ mean·β.
        var map = new double[p * p];
        map[0] = 1;
        for (var j = 1; j < p; j++)
        {
            map[j] = -mean[j] * scale[j];
            map[(j * p) + j] = scale[j];
        }
        for (var a = 0; a < p; a++) { for (var b = 0; b < p; b++) { coefficients[a] += map[(a * p) + b] * beta[b]; } }
        var covariance = new double[p * p];
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b < p; b++)
            {
                var sum = 0.0;
                for (var c = 0; c < p; c++)
                {
                    var left = map[(a * p) + c];
                    if (left == 0) { continue; }
                    for (var d = 0; d < p; d++) { if (map[(b * p) + d] != 0) { sum += left * scaled[(c * p) + d] * map[(b * p) + d]; } }
                }
                covariance[(a * p) + b] = sum;
            }
        }
        var errors = new double[p];
        for (var a = 0; a < p; a++) { errors[a] = Math.Sqrt(covariance[(a * p) + a]); }
        for (var j = 1; j < p; j++)
        {
            var range = columns[j - 1].Max() - columns[j - 1].Min();
            if (Math.Abs(coefficients[j]) * range > Boundless && errors[j] * range > Boundless) { throw Separated(names, beta, columns, scale, n); }
        }
        var none = offset is null ? n * ((rate * Math.Log(rate)) + ((1 - rate) * Math.Log(1 - rate))) : p == 1 ? likelihood : Fit([], [], y, offset, cancellation).LogLikelihood;
        return new LogisticFit
        {
            Coefficients = coefficients, StandardErrors = errors, Covariance = covariance, LogLikelihood = likelihood, NullLogLikelihood = none, Iterations = iterations, LinearPredictor = eta, Fitted = fitted,
        };
    }

    private static StudyException Separated(IReadOnlyList<string> names, double[] beta, IReadOnlyList<double[]> columns, double[] scale, int n)
    {
        _ = n;
        var worst = Enumerable.Range(1, columns.Count).OrderByDescending(j => Math.Abs(beta[j] * scale[j]) * (columns[j - 1].Max() - columns[j - 1].Min())).First() - 1;
        return new StudyException($"{names[worst]} separates the outcome classes: all subjects with some value of it, or combination with it, have the same outcome, so its odds ratio has no bound; merge its levels, leave it out, or fit with --firth.");
    }

    private static double Evaluate(double[] x, int stride, int p, double[] y, double[]? offset, double[] beta, double[] eta, double[] fitted, double[] score, double[] information)
    {
        Array.Clear(score);
        Array.Clear(information);
        var likelihood = 0.0;
        var b = MemoryMarshal.Cast<double, Vector<double>>(beta.AsSpan());
        var s = MemoryMarshal.Cast<double, Vector<double>>(score.AsSpan());
        var width = Vector<double>.Count;
        for (var i = 0; i < y.Length; i++)
        {
            var row = x.AsSpan(i * stride, stride);
            var v = MemoryMarshal.Cast<double, Vector<double>>(row);
            var sum = Vector<double>.Zero;
            for (var k = 0; k < v.Length; k++) { sum += v[k] * b[k]; }
            var t = Vector.Sum(sum) + (offset is null ? 0 : offset[i]);
            eta[i] = t;
            var e = Math.Exp(-Math.Abs(t));
            var probability = t >= 0 ? 1 / (1 + e) : e / (1 + e);
            fitted[i] = probability;
            likelihood += (y[i] * t) - Math.Max(t, 0) - Math.Log(1 + e);
            var weight = e / ((1 + e) * (1 + e));
            var residual = new Vector<double>(y[i] - probability);
            for (var k = 0; k < v.Length; k++) { s[k] += residual * v[k]; }
            for (var a = 0; a < p; a++)
            {
                var w = new Vector<double>(weight * row[a]);
                var target = MemoryMarshal.Cast<double, Vector<double>>(information.AsSpan(a * stride, stride));
                for (var k = a / width; k < target.Length; k++) { target[k] += w * v[k]; }
            }
        }
        return likelihood;
    }
}
