namespace BoneMet.Statistics.SampleSize;

/// <summary>Warnings that a model carries for ever when its study breaks a rule of good practice.</summary>
public static class HonestyGuards
{
    /// <summary>Below this number of events for each parameter a model is at high risk of overfitting (Peduzzi 1996).</summary>
    public const double EventsPerParameter = 10;

    /// <summary>Cohort prevalence beyond this multiple of the expected one counts as an enriched or matched design.</summary>
    public const double EnrichedBy = 2;

    /// <summary>Checks one study.</summary>
    /// <param name="design">What was fitted, on whom.</param>
    public static IReadOnlyList<GuardWarning> Check(StudyDesign design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var warnings = new List<GuardWarning>();
        var rare = Math.Min(design.Events, design.Subjects - design.Events);
        if (design.Parameters > 0 && rare < EventsPerParameter * design.Parameters)
        {
            warnings.Add(new("events-per-parameter", $"{rare} subjects in the smaller outcome class for {design.Parameters} candidate parameters: {(double)rare / design.Parameters:0.0} each, fewer than {EventsPerParameter:0}; the effects are likely to be exaggerated."));
        }
        if (design is { Parameters: > 0, Events: > 0 } && design.Events < design.Subjects && design.CoxSnellR2 is > 0)
        {
            var prevalence = (double)design.Events / design.Subjects;
            var r2 = Math.Min(design.CoxSnellR2.Value, 0.999 * RileyCriteria.MaximumR2(prevalence));
            var riley = RileyCriteria.Of(design.Parameters, prevalence, r2);
            if (design.Subjects < riley.Subjects)
            {
                var broken = new List<string>();
                if (design.Subjects < riley.ForShrinkage) { broken.Add($"shrinkage of at most 10 % ({riley.ForShrinkage})"); }
                if (design.Subjects < riley.ForOptimism) { broken.Add($"optimism in R² of at most 0.05 ({riley.ForOptimism})"); }
                if (design.Subjects < riley.ForIntercept) { broken.Add($"overall risk within 0.05 ({riley.ForIntercept})"); }
                warnings.Add(new("sample-size", $"{design.Subjects} subjects are fewer than the {riley.Subjects} that Riley's criteria ask for: {string.Join(", ", broken)}."));
            }
        }
        foreach (var factor in design.UnavailableFactors)
        {
            warnings.Add(new("leakage", $"{factor} is not known at the time of prediction; a model that uses it sees the outcome."));
        }
        if (design.Matched) { warnings.Add(new("matched-design", "The cohort is matched or enriched with cases: absolute risks hold only after the intercept is corrected to a real prevalence.")); }
        if (design.ExpectedPrevalence is { } expected && design.Subjects > 0 && (double)design.Events / design.Subjects > EnrichedBy * expected)
        {
            warnings.Add(new("enriched", $"{(double)design.Events / design.Subjects:P1} of the cohort have the event, against {expected:P1} expected: absolute risks need a corrected intercept."));
        }
        if (design.SelectedByPValue) { warnings.Add(new("selection", "The factors were selected on these same data: p values and intervals are too optimistic (shown for comparison with the literature only).")); }
        if (design.DroppedForMissing > 0)
        {
            var all = design.Subjects + design.DroppedForMissing;
            warnings.Add(new("complete-case", $"{design.DroppedForMissing} of {all} subjects ({(double)design.DroppedForMissing / all:P1}) are left out because a value is missing; the estimates hold if values are missing completely at random."));
        }
        return warnings;
    }
}
