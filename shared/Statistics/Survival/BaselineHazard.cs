namespace BoneMet.Statistics.Survival;

/// <summary>Cumulated baseline hazard of a Cox model, by stratum.</summary>
/// <param name="Stratum">Position of the stratum among the sorted stratum codes.</param>
/// <param name="Time">Distinct times, ascending.</param>
/// <param name="Hazard">Cumulated hazard at each time.</param>
public sealed record BaselineHazard(int Stratum, double[] Time, double[] Hazard)
{
    /// <summary>Baseline hazards at the means of the covariates, or at zero; tied events as in the fit (R's <c>basehaz</c>).</summary>
    public static IReadOnlyList<BaselineHazard> Of(CoxData data, CoxFit fit, bool atMeans = true)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(fit);
        var sets = new RiskSets(data, fit.Ties);
        sets.EvaluateAt(fit.Coefficients);
        var shift = sets.Shift(fit.Coefficients);
        if (!atMeans) { for (var j = 0; j < fit.Coefficients.Length; j++) { shift += fit.Coefficients[j] * fit.Means[j]; } }
        var factor = Math.Exp(-shift);
        return [.. sets.Hazards().GroupBy(step => step.Stratum).Select(group => new BaselineHazard(group.Key, [.. group.Select(s => s.Time)], [.. group.Select(s => s.Hazard * factor)]))];
    }

    /// <summary>Hazard cumulated up to <paramref name="time"/>.</summary>
    public double At(double time)
    {
        var index = Array.BinarySearch(Time, time);
        if (index < 0) { index = ~index - 1; }
        return index < 0 ? 0 : Hazard[index];
    }
}
