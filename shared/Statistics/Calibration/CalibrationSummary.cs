using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Tests;

namespace BoneMet.Statistics.Calibration;

/// <summary>How far predicted probabilities are from what happens.</summary>
/// <param name="Intercept">Cox's calibration intercept (fitted with the slope).</param>
/// <param name="Slope">Cox's calibration slope.</param>
/// <param name="SlopeStandardError">SE of the slope.</param>
/// <param name="InTheLarge">Intercept with the slope held at 1.</param>
/// <param name="InTheLargeStandardError">Its SE.</param>
/// <param name="Ici">Integrated calibration index: mean |lowess(p) − p|.</param>
/// <param name="E50">Median of |lowess(p) − p|.</param>
/// <param name="E90">90 % quantile of it.</param>
/// <param name="EMax">Largest of it.</param>
/// <param name="Brier">Brier score.</param>
/// <param name="ScaledBrier">1 − Brier/(ȳ(1 − ȳ)).</param>
/// <param name="SpiegelhalterZ">Spiegelhalter's z of the Brier score.</param>
/// <param name="SpiegelhalterP">Its two-sided p-value.</param>
/// <param name="DiscriminationChiSquare">Likelihood ratio of the recalibrated predictions against none (1 degree of freedom).</param>
/// <param name="UnreliabilityChiSquare">Likelihood ratio of intercept and slope against 0 and 1 (2 degrees of freedom).</param>
/// <param name="Rows">Predictions n.</param>
/// <remarks>Austin and Steyerberg 2019, Statistics in Medicine 38:4051 (ICI, E50, E90); <c>rms::val.prob</c> (the same lowess); Spiegelhalter 1986, Statistics in Medicine 5:421.</remarks>
public sealed record CalibrationSummary(double Intercept, double Slope, double SlopeStandardError, double InTheLarge, double InTheLargeStandardError,
    double Ici, double E50, double E90, double EMax, double Brier, double ScaledBrier, double SpiegelhalterZ, double SpiegelhalterP,
    double DiscriminationChiSquare, double UnreliabilityChiSquare, int Rows)
{
    /// <summary>D = (χ² − 1)/n: the discrimination index of <c>val.prob</c>.</summary>
    public double Discrimination => (DiscriminationChiSquare - 1) / Rows;

    /// <summary>U = (χ² − 2)/n: the unreliability index.</summary>
    public double Unreliability => (UnreliabilityChiSquare - 2) / Rows;

    /// <summary>Q = D − U: the quality index.</summary>
    public double Quality => Discrimination - Unreliability;

    /// <summary>Measures probabilities strictly between 0 and 1 against outcomes.</summary>
    /// <exception cref="StatisticsException">Bad input, one class, or predictions that do not vary.</exception>
    public static CalibrationSummary Of(double[] probabilities, double[] outcome)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(outcome);
        var brier = BrierScore.Of(probabilities, outcome);
        var logit = new double[probabilities.Length];
        for (var i = 0; i < logit.Length; i++)
        {
            if (probabilities[i] is 0 or 1) { throw new StatisticsException("not-a-probability", $"The probability of row {i + 1} is {probabilities[i]}: its log-odds are infinite."); }
            logit[i] = Math.Log(probabilities[i]) - SpecialFunctions.Log1P(-probabilities[i]);
        }
        var cox = LogisticCalibration.Fit(logit, outcome);
        var large = LogisticCalibration.InTheLarge(logit, outcome);
        var smooth = Lowess.Of(probabilities, outcome);
        var errors = new double[probabilities.Length];
        double up = 0, down = 0;
        for (var i = 0; i < errors.Length; i++)
        {
            var p = smooth.X[i];
            errors[i] = Math.Abs(smooth.Fitted[i] - p);
            var q = probabilities[i];
            up += (outcome[i] - q) * (1 - (2 * q));
            down += (1 - (2 * q)) * (1 - (2 * q)) * q * (1 - q);
        }
        var mean = Descriptive.Mean(errors);
        Array.Sort(errors);
        var z = up / Math.Sqrt(down);
        var events = outcome.Sum();
        var without = (events * Math.Log(events / outcome.Length)) + ((outcome.Length - events) * Math.Log(1 - (events / outcome.Length)));
        return new CalibrationSummary(cox.Intercept, cox.Slope, Math.Sqrt(cox.SlopeVariance), large.Intercept, Math.Sqrt(large.InterceptVariance),
            mean, Descriptive.Quantile(errors, 0.5), Descriptive.Quantile(errors, 0.9), errors[^1], brier, BrierScore.Scaled(probabilities, outcome), z, Normal.TwoSided(z),
            2 * (cox.LogLikelihood - without), 2 * (cox.LogLikelihood - cox.LogLikelihoodAsGiven), outcome.Length);
    }
}
