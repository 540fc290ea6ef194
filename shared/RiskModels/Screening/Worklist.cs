namespace BoneMet.RiskModels;

/// <summary>
/// Whom to send for a bone scan first: cases by risk, cut at a threshold or at the number of scans that can be done. Yields are expectations, Σ p over the cases, and
/// hold as far as the model is calibrated at the site.
/// </summary>
public sealed record Worklist
{
    /// <summary>Selected cases, highest risk first, ties by id.</summary>
    public required IReadOnlyList<WorklistCase> Selected { get; init; }

    /// <summary>Number of all cases.</summary>
    public required int Cases { get; init; }

    /// <summary>Risk at which the list was cut: of the last case on it, or the threshold asked for.</summary>
    public required double Threshold { get; init; }

    /// <summary>Events expected among the selected, and among those left out.</summary>
    public required double ExpectedFound { get; init; }
    public required double ExpectedMissed { get; init; }

    /// <summary>Share of all expected events that the list finds; NaN when none is expected.</summary>
    public double ExpectedSensitivity => ExpectedFound / (ExpectedFound + ExpectedMissed);

    /// <summary>Scans for each event found; infinite when none is.</summary>
    public double ScansPerEvent => Selected.Count / ExpectedFound;

    /// <summary>Net benefit per case at the threshold (Vickers and Elkin 2006), with expected instead of observed events.</summary>
    public double NetBenefit => NetBenefitAt(Threshold);

    /// <summary>Net benefit per case of this selection for somebody whose threshold is another; at 1, a needless scan outweighs everything.</summary>
    public double NetBenefitAt(double threshold)
    {
        var needless = Selected.Count - ExpectedFound;
        return Cases == 0 ? 0 : (ExpectedFound - (needless == 0 ? 0 : needless * threshold / (1 - threshold))) / Cases;
    }

    /// <summary>Everybody at or above a threshold, such as a decision curve suggests.</summary>
    public static Worklist ByThreshold(IEnumerable<WorklistCase> cases, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(threshold, 1);
        var ordered = Order(cases);
        return Of(ordered, ordered.Count(c => c.Probability >= threshold), threshold);
    }

    /// <summary>The <paramref name="scans"/> cases at highest risk.</summary>
    public static Worklist ByCapacity(IEnumerable<WorklistCase> cases, int scans)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scans);
        var ordered = Order(cases);
        var count = Math.Min(scans, ordered.Count);
        return Of(ordered, count, count == 0 ? 0 : ordered[count - 1].Probability);
    }

    private static List<WorklistCase> Order(IEnumerable<WorklistCase> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        var ordered = cases.ToList();
        foreach (var one in ordered)
        {
            if (!(one.Probability is >= 0 and <= 1)) { throw new ArgumentException($"The risk of {one.Id} is not between 0 and 1.", nameof(cases)); }
        }
        ordered.Sort(static (a, b) => a.Probability != b.Probability ? b.Probability.CompareTo(a.Probability) : string.CompareOrdinal(a.Id, b.Id));
        return ordered;
    }

    private static Worklist Of(List<WorklistCase> ordered, int count, double threshold)
    {
        double found = 0, missed = 0;
        for (var i = 0; i < ordered.Count; i++)
        {
            if (i < count) { found += ordered[i].Probability; }
            else { missed += ordered[i].Probability; }
        }
        return new() { Selected = ordered[..count], Cases = ordered.Count, Threshold = threshold, ExpectedFound = found, ExpectedMissed = missed };
    }
}
