namespace BoneMet.Statistics.Survival;

/// <summary>Outcome of <see cref="LogRank"/>.</summary>
/// <param name="ChiSquare">Test statistic.</param>
/// <param name="DegreesOfFreedom">Groups with subjects, less one.</param>
/// <param name="Observed">Events of each group.</param>
/// <param name="Expected">Events of each group under equal survival.</param>
/// <param name="Subjects">Subjects of each group.</param>
public sealed record LogRankResult(double ChiSquare, int DegreesOfFreedom, double[] Observed, double[] Expected, int[] Subjects)
{
    /// <summary>Upper tail probability.</summary>
    public double P => Distributions.ChiSquare.UpperTail(ChiSquare, DegreesOfFreedom);
}
