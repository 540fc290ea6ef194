using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.LinearAlgebra;
using BoneMet.Statistics.Tests;

namespace BoneMet.Statistics.Validation;

/// <summary>The indexes of <c>rms::validate.lrm</c> from a linear predictor.</summary>
public static class ModelIndexes
{
    /// <summary>Of a model on the data of its fit: intercept 0, slope 1, U = −2/n.</summary>
    /// <exception cref="StatisticsException">One class or bad input.</exception>
    public static ValidationIndexes Training(double[] linearPredictor, double[] outcome)
    {
        ArgumentNullException.ThrowIfNull(linearPredictor);
        ArgumentNullException.ThrowIfNull(outcome);
        var n = (double)outcome.Length;
        return Of(linearPredictor, outcome, 0, 1, LogLikelihood(linearPredictor, outcome), -2 / n);
    }

    /// <summary>Of a model on new data, or null where the calibration cannot be estimated there.</summary>
    public static ValidationIndexes? Test(double[] linearPredictor, double[] outcome)
    {
        ArgumentNullException.ThrowIfNull(linearPredictor);
        ArgumentNullException.ThrowIfNull(outcome);
        if (Array.IndexOf(outcome, 1.0) < 0 || Array.IndexOf(outcome, 0.0) < 0) { return null; }
        if (LogisticCalibration.Solve(linearPredictor, outcome, slope: true) is not { } again) { return null; }
        var u = ((2 * (again.LogLikelihood - again.LogLikelihoodAsGiven)) - 2) / outcome.Length;
        return Of(linearPredictor, outcome, again.Intercept, again.Slope, again.LogLikelihood, u);
    }

    private static ValidationIndexes Of(double[] linearPredictor, double[] outcome, double intercept, double slope, double logLikelihood, double u)
    {
        double n = outcome.Length, events = outcome.Sum();
        var null0 = (events * Math.Log(events / n)) + ((n - events) * Math.Log((n - events) / n));
        var lr = 2 * (logLikelihood - null0);
        var probabilities = new double[outcome.Length];
        Kernels.Logistic(linearPredictor, probabilities);
        double[] scaled = [.. linearPredictor.Select(x => intercept + (slope * x))];
        Array.Sort(scaled);
        var g = Descriptive.GiniMeanDifference(scaled);
        Kernels.Logistic(scaled, scaled);
        var d = (lr - 1) / n;
        return new ValidationIndexes((2 * Roc.Auc(linearPredictor, outcome)) - 1, (1 - Math.Exp(-lr / n)) / (1 - Math.Exp(2 * null0 / n)), intercept, slope, d, u, d - u,
            BrierScore.Of(probabilities, outcome), g, Descriptive.GiniMeanDifference(scaled));
    }

    private static double LogLikelihood(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) { sum += (y[i] * x[i]) - Math.Max(x[i], 0) - Distributions.SpecialFunctions.Log1P(Math.Exp(-Math.Abs(x[i]))); }
        return sum;
    }
}
