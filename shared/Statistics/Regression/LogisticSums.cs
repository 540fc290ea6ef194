using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Regression;

/// <summary>Gradient, information and log-likelihood of a logistic model at given coefficients: sums over rows, so those of the sites add up to those of the whole.</summary>
/// <param name="Gradient">Xᵀ W (y − μ), p values.</param>
/// <param name="Information">Xᵀ W diag(μ(1 − μ)) X, p × p, row-major.</param>
/// <param name="LogLikelihood">Σ w (y η − ln(1 + e^η)).</param>
/// <param name="Rows">Rows summed.</param>
public sealed record LogisticSums(double[] Gradient, double[] Information, double LogLikelihood, long Rows)
{
    /// <summary>Sums over the rows of a design.</summary>
    /// <param name="design">n × p.</param>
    /// <param name="outcome">n values 0 or 1.</param>
    /// <param name="coefficients">p values.</param>
    /// <param name="weights">n case weights, or empty for 1.</param>
    /// <param name="offset">n offsets, or empty for 0.</param>
    public static LogisticSums Of(DesignMatrix design, ReadOnlySpan<double> outcome, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> weights = default, ReadOnlySpan<double> offset = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        if (outcome.Length != design.Rows) { throw new StatisticsException("shape", $"{outcome.Length} outcomes were given for {design.Rows} rows."); }
        var p = design.Columns;
        var eta = design.LinearPredictor(coefficients, offset);
        var residual = new double[eta.Length];
        var variance = new double[eta.Length];
        var logLikelihood = 0.0;
        for (var i = 0; i < eta.Length; i++)
        {
            var w = weights.Length > 0 ? weights[i] : 1;
            var e = Math.Exp(-Math.Abs(eta[i]));
            var mu = Kernels.Logistic(eta[i]);
            residual[i] = w * (outcome[i] - mu);
            variance[i] = w * e / ((1 + e) * (1 + e));
            logLikelihood += w * ((outcome[i] * eta[i]) - Math.Max(eta[i], 0) - Distributions.SpecialFunctions.Log1P(e));
        }
        var gradient = new double[p];
        var information = new double[p * p];
        var product = new double[eta.Length];
        for (var j = 0; j < p; j++)
        {
            var column = design.Column(j);
            gradient[j] = Kernels.Dot(column, residual);
            for (var i = 0; i < product.Length; i++) { product[i] = column[i] * variance[i]; }
            for (var k = 0; k <= j; k++) { information[(j * p) + k] = information[(k * p) + j] = Kernels.Dot(product, design.Column(k)); }
        }
        return new LogisticSums(gradient, information, logLikelihood, design.Rows);
    }

    /// <summary>Sums of two disjoint sets of rows.</summary>
    public LogisticSums Add(LogisticSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new LogisticSums(
            [.. Gradient.Zip(other.Gradient, (a, b) => a + b)], [.. Information.Zip(other.Information, (a, b) => a + b)],
            LogLikelihood + other.LogLikelihood, Rows + other.Rows);
    }
}
