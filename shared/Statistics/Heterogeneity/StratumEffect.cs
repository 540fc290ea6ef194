namespace BoneMet.Statistics.Heterogeneity;

/// <summary>An effect estimated in one stratum (cancer type, histology, site).</summary>
/// <param name="Stratum">Name.</param>
/// <param name="Estimate">Log odds ratio or log hazard ratio; NaN when not estimable.</param>
/// <param name="StandardError">Its standard error; NaN when not estimable.</param>
/// <param name="Subjects">Subjects of the stratum.</param>
/// <param name="Events">Events of the stratum.</param>
/// <param name="Reason">Why there is no estimate; null when there is one.</param>
public sealed record StratumEffect(string Stratum, double Estimate, double StandardError, int Subjects, int Events, string? Reason = null)
{
    /// <summary>Whether the stratum takes part in the pooling.</summary>
    public bool Estimable => double.IsFinite(Estimate) && double.IsFinite(StandardError) && StandardError > 0;
}
