namespace BoneMet.RiskModels;

/// <summary>The published distribution of a factor over its levels.</summary>
internal static class CohortShares
{
    /// <summary>Share of the cohort at each level, from counts (without + with the event) or from printed shares; null when any level lacks both.</summary>
    public static double[]? Of(IReadOnlyList<TermLevel> levels)
    {
        if (levels.Count == 0) { return null; }
        var weights = new double[levels.Count];
        var total = 0.0;
        var counted = levels.All(level => level is { WithEvent: not null, WithoutEvent: not null });
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = counted ? levels[i].WithEvent!.Value + (double)levels[i].WithoutEvent!.Value : levels[i].Share;
            if (weight is not { } known) { return null; }
            weights[i] = known;
            total += known;
        }
        if (total <= 0) { return null; }
        for (var i = 0; i < weights.Length; i++) { weights[i] /= total; }
        return weights;
    }
}
