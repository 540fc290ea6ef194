using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Calibration;

/// <summary>A correction of a model's log-odds: lp′ = intercept + slope · lp.</summary>
/// <param name="Intercept">Added to the (scaled) linear predictor.</param>
/// <param name="Slope">Factor of the linear predictor.</param>
/// <param name="Kind">What was estimated, in words.</param>
public sealed record Recalibration(double Intercept, double Slope, string Kind)
{
    /// <summary>Re-estimates the intercept alone from an external cohort (Steyerberg 2004, Statistics in Medicine 23:2567, method 1).</summary>
    public static Recalibration OfIntercept(double[] linearPredictor, double[] outcome) => new(LogisticCalibration.InTheLarge(linearPredictor, outcome).Intercept, 1, "intercept");

    /// <summary>Re-estimates intercept and slope from an external cohort (method 2).</summary>
    public static Recalibration OfInterceptAndSlope(double[] linearPredictor, double[] outcome)
    {
        var fit = LogisticCalibration.Fit(linearPredictor, outcome);
        return new Recalibration(fit.Intercept, fit.Slope, "intercept and slope");
    }

    /// <summary>Corrects the intercept of a model from a matched or enriched sample for the prevalence of the target population: ln[π/(1 − π)] − ln[ρ/(1 − ρ)].</summary>
    /// <remarks>Prentice and Pyke 1979; King and Zeng 2001, Political Analysis 9:137 (prior correction).</remarks>
    /// <param name="samplePrevalence">ρ, share of cases in the sample.</param>
    /// <param name="targetPrevalence">π, share of cases in the population.</param>
    /// <exception cref="StatisticsException">A prevalence outside (0, 1).</exception>
    public static Recalibration OfPrevalence(double samplePrevalence, double targetPrevalence)
    {
        if (!(samplePrevalence > 0 && samplePrevalence < 1 && targetPrevalence > 0 && targetPrevalence < 1)) { throw new StatisticsException("prevalence", $"Prevalences {samplePrevalence} and {targetPrevalence} must lie strictly between 0 and 1."); }
        return new Recalibration(Math.Log(targetPrevalence / (1 - targetPrevalence)) - Math.Log(samplePrevalence / (1 - samplePrevalence)), 1, "prevalence");
    }

    /// <summary>Corrected probabilities of linear predictors.</summary>
    public double[] Probabilities(ReadOnlySpan<double> linearPredictor)
    {
        var result = new double[linearPredictor.Length];
        for (var i = 0; i < result.Length; i++) { result[i] = Kernels.Logistic(Intercept + (Slope * linearPredictor[i])); }
        return result;
    }
}
