namespace BoneMet.Statistics.Regression;

/// <summary>Stepwise selection by AIC, as R's <c>step</c>; here for comparison with the literature, and labelled so.</summary>
public static class Stepwise
{
    /// <summary>Searches the terms of a design: each step makes the one change that lowers the AIC most and ends when none does.</summary>
    /// <exception cref="StatisticsException">The starting model cannot be fitted.</exception>
    public static StepwiseResult Search(DesignMatrix design, double[] outcome, StepwiseDirection direction = StepwiseDirection.Both, LogisticOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        List<string> terms = direction == StepwiseDirection.Forward ? [] : [.. design.TermNames];
        LogisticOutcome Try(IEnumerable<string> names)
        {
            var chosen = names.ToArray();
            return LogisticRegression.Fit(design.SelectTerms(chosen), outcome, options);
        }
        var fit = Try(terms).Require();
        var trace = new List<(string, double)> { ("start", fit.Aic) };
        while (true)
        {
            (string Step, string Term, LogisticFit Fit)? best = null;
            void Consider(string step, string term, IEnumerable<string> names)
            {
                if (Try(names) is LogisticOutcome.Fitted { Fit: var candidate } && candidate.Aic < (best?.Fit.Aic ?? fit.Aic) - 1e-9) { best = (step, term, candidate); }
            }
            if (direction != StepwiseDirection.Forward) { foreach (var term in terms) { Consider("- " + term, term, terms.Where(t => t != term)); } }
            if (direction != StepwiseDirection.Backward) { foreach (var term in design.TermNames.Except(terms).ToArray()) { Consider("+ " + term, term, terms.Append(term)); } }
            if (best is not { } chosen) { return new StepwiseResult(fit, trace); }
            if (!terms.Remove(chosen.Term)) { terms.Add(chosen.Term); }
            fit = chosen.Fit;
            trace.Add((chosen.Step, fit.Aic));
        }
    }
}
