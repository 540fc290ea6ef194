using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Tests;

namespace BoneMet.Statistics.Regression;

/// <summary>Every factor alone: odds ratios, likelihood-ratio test, AUC, and p-values adjusted for their number.</summary>
public static class UnivariableScreen
{
    /// <summary>Screens the terms of a design one at a time. A factor that cannot be fitted is reported with the reason, never with a number.</summary>
    public static IReadOnlyList<ScreenedFactor> Of(DesignMatrix design, double[] outcome)
    {
        ArgumentNullException.ThrowIfNull(design);
        var found = new List<ScreenedFactor>();
        foreach (var term in design.TermNames)
        {
            switch (LogisticRegression.Fit(design.SelectTerms([term]), outcome))
            {
                case LogisticOutcome.Fitted { Fit: var fit }:
                    var roc = Roc.Of(fit.LinearPredictor, outcome);
                    var (low, high) = roc.Interval();
                    found.Add(new ScreenedFactor(term, [.. fit.Table().Where(c => c.Term != DesignMatrix.InterceptName)], fit.ModelTest with { Term = term }, roc.Area, low, high, double.NaN, double.NaN, null));
                    break;
                case LogisticOutcome.Separated separated: found.Add(Failed(term, separated.Message)); break;
                case LogisticOutcome.Refused refused: found.Add(Failed(term, refused.Message)); break;
            }
        }
        double[] p = [.. found.Select(factor => factor.Test?.P ?? double.NaN)];
        var holm = Multiplicity.Holm(p);
        var fdr = Multiplicity.BenjaminiHochberg(p);
        return [.. found.Select((factor, i) => factor with { HolmP = holm[i], BenjaminiHochbergP = fdr[i] })];
    }

    private static ScreenedFactor Failed(string term, string problem) => new(term, [], null, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, problem);
}
