using BoneMet.Statistics.Distributions;

namespace BoneMet.Statistics.Calibration;

/// <summary>Decision curves: is a model worth using?</summary>
/// <remarks>Vickers and Elkin 2006, Medical Decision Making 26:565. Limits: the net benefit is a mean of independent terms 1, −t/(1 − t) or 0 per patient, so its standard error is that of a mean.</remarks>
public static class DecisionCurve
{
    /// <summary>Net benefit over thresholds; positive means probability ≥ threshold.</summary>
    /// <param name="probabilities">Predicted probability per row.</param>
    /// <param name="outcome">0 or 1 per row.</param>
    /// <param name="thresholds">Thresholds strictly between 0 and 1; null means 0.01 … 0.99.</param>
    /// <param name="level">Confidence level.</param>
    /// <param name="prevalence">Prevalence of the target population where that of the data was made by design (matched, enriched); null for that of the data. Then rates are weighted, not counts.</param>
    /// <exception cref="StatisticsException">Bad input or thresholds.</exception>
    public static IReadOnlyList<DecisionPoint> Of(double[] probabilities, double[] outcome, IReadOnlyList<double>? thresholds = null, double level = 0.95, double? prevalence = null)
    {
        Probabilities.Check(probabilities, outcome);
        thresholds ??= [.. Enumerable.Range(1, 99).Select(i => i / 100.0)];
        var n = outcome.Length;
        var events = outcome.Sum();
        if (prevalence is { } target && !(target > 0 && target < 1 && events > 0 && events < n)) { throw new StatisticsException("prevalence", "A prevalence lies strictly between 0 and 1 and needs both classes in the data."); }
        // Weight of a case and of a control, whose weighted total is n.
        var caseWeight = prevalence is { } rate ? rate * n / events : 1;
        var controlWeight = prevalence is { } same ? (1 - same) * n / (n - events) : 1;
        var z = Normal.Quantile(0.5 + (level / 2));
        return [.. thresholds.Select(t =>
        {
            if (!(t > 0 && t < 1)) { throw new StatisticsException("threshold", $"The threshold {t} does not lie strictly between 0 and 1."); }
            var odds = t / (1 - t);
            int tp = 0, fp = 0;
            for (var i = 0; i < n; i++) { if (probabilities[i] >= t) { if (outcome[i] == 1) { tp++; } else { fp++; } } }
            var mean = ((tp * caseWeight) - (fp * controlWeight * odds)) / n;
            var squares = ((tp * caseWeight * caseWeight) + (fp * controlWeight * controlWeight * odds * odds)) / n;
            var half = z * Math.Sqrt(Math.Max(0, squares - (mean * mean)) / n);
            return new DecisionPoint(t, mean, mean - half, mean + half, ((events * caseWeight) - ((n - events) * controlWeight * odds)) / n);
        })];
    }
}
