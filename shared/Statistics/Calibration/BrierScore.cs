namespace BoneMet.Statistics.Calibration;

/// <summary>Mean squared error of probabilities.</summary>
public static class BrierScore
{
    /// <summary>Σ (p − y)² / n (Brier 1950, Monthly Weather Review 78:1). Empty input gives NaN.</summary>
    public static double Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> outcome)
    {
        Probabilities.Check(probabilities, outcome);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++) { sum += (probabilities[i] - outcome[i]) * (probabilities[i] - outcome[i]); }
        return sum / probabilities.Length;
    }

    /// <summary>Scaled Brier 1 − B / (ȳ(1 − ȳ)): 1 is perfect, 0 no better than the prevalence (Steyerberg 2010, Epidemiology 21:128). One class gives NaN.</summary>
    public static double Scaled(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> outcome)
    {
        var brier = Of(probabilities, outcome);
        var rate = Tests.Descriptive.Mean(outcome);
        return rate is 0 or 1 ? double.NaN : 1 - (brier / (rate * (1 - rate)));
    }
}
