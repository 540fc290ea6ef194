namespace BoneMet.RiskModels;

/// <summary>
/// Finds the intercept at which the mean predicted risk over a model's published covariate distribution equals a published prevalence:
/// Σ P(x) / (1 + exp(−(α + βx))) = prevalence, factors taken as independent because only their marginal distributions are printed.
/// </summary>
public static class InterceptSolver
{
    /// <summary>Why there is no solution, or null when <see cref="Solve"/> will find one.</summary>
    public static string? Hindrance(RiskModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Family != ModelFamily.Logistic) { return "only a logistic model has an intercept to solve"; }
        foreach (var term in model.Terms)
        {
            if (term is LabelTerm) { continue; }
            var levels = term switch { CategoricalTerm t => t.Levels, BinnedTerm t => t.Bins, ConditionalTerm t => t.Levels, _ => null };
            if (levels is null) { return $"the distribution of {term.Factor} is needed by level; a {ModelWriter.Kind(term)} term has none"; }
            if (CohortShares.Of(levels) is null) { return $"the distribution of {term.Factor} over its levels is not published"; }
        }
        return null;
    }

    /// <summary>The intercept, by bisection to the last bit.</summary>
    /// <param name="model">A logistic model whose levels carry counts or shares.</param>
    /// <param name="prevalence">Share with the event, between 0 and 1.</param>
    public static double Solve(RiskModel model, double prevalence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(prevalence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(prevalence, 1);
        if (Hindrance(model) is { } reason) { throw new InvalidOperationException($"{model.Id}: {reason}"); }

        var distribution = new Dictionary<double, double> { [0] = 1 };
        foreach (var term in model.Terms)
        {
            var levels = term switch { CategoricalTerm t => t.Levels, BinnedTerm t => t.Bins, ConditionalTerm t => t.Levels, _ => [] };
            if (levels.Count == 0) { continue; }
            var shares = CohortShares.Of(levels)!;
            var next = new Dictionary<double, double>();
            foreach (var (sum, weight) in distribution)
            {
                for (var i = 0; i < levels.Count; i++)
                {
                    var key = sum + levels[i].Coefficient.Beta;
                    next[key] = next.GetValueOrDefault(key) + (weight * shares[i]);
                }
            }
            distribution = next;
        }
        var points = distribution.OrderBy(p => p.Key).ToArray();
        var low = -60.0;
        var high = 60.0;
        while (true)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high) { return middle; }
            if (Mean(points, middle) < prevalence) { low = middle; }
            else { high = middle; }
        }
    }

    private static double Mean(KeyValuePair<double, double>[] points, double intercept)
    {
        var mean = 0.0;
        foreach (var (sum, weight) in points) { mean += weight / (1 + Math.Exp(-(intercept + sum))); }
        return mean;
    }
}
