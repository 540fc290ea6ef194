namespace BoneMet.RiskModels;

/// <summary>Net benefit per case at one threshold (Vickers and Elkin 2006), with the events that the risks lead to expect.</summary>
/// <param name="Threshold">Risk from which one scans: the odds at which a needless scan weighs as much as a found metastasis.</param>
/// <param name="Selected">Scanning those at or above the threshold.</param>
/// <param name="Everybody">Scanning everybody; nobody: 0.</param>
public sealed record ExpectedBenefit(double Threshold, double Selected, double Everybody)
{
    private static readonly double[] Usual = [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

    /// <summary>The threshold of somebody who would do this many scans to find one metastasis.</summary>
    public static double ThresholdOf(double scansPerFound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scansPerFound, 1);
        return 1 / scansPerFound;
    }

    /// <summary>The decision curve over the usual thresholds.</summary>
    public static IReadOnlyList<ExpectedBenefit> Curve(IReadOnlyList<WorklistCase> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        return [.. Usual.Select(threshold =>
        {
            var everybody = Worklist.ByThreshold(cases, 0);
            return new ExpectedBenefit(threshold, Worklist.ByThreshold(cases, threshold).NetBenefit, everybody.NetBenefitAt(threshold));
        })];
    }
}
