namespace BoneMet.Statistics.Survival;

/// <summary>One row of <see cref="ProportionalHazards"/>.</summary>
/// <param name="Term">Name of the term, or <c>GLOBAL</c>.</param>
/// <param name="ChiSquare">Score test.</param>
/// <param name="DegreesOfFreedom">Columns tested.</param>
public sealed record ProportionalHazardsTest(string Term, double ChiSquare, int DegreesOfFreedom)
{
    /// <summary>Upper tail probability.</summary>
    public double P => Distributions.ChiSquare.UpperTail(ChiSquare, DegreesOfFreedom);
}
