using BoneMet.Cohorts.Studies;
using BoneMet.RiskModels;
using BoneMet.Statistics.Simulation;

namespace BoneMet.Cohorts.Publishing;

/// <summary>The plan of a synthetic cohort whose truth is a risk model document: published effects, published or stated distributions.</summary>
public static class ModelSimulation
{
    /// <summary>Numbers spread over their published range as a normal distribution with this many standard deviations from end to end.</summary>
    private const double Deviations = 4;

    /// <summary>Makes the plan.</summary>
    /// <param name="models">Logistic models, one for each cancer type.</param>
    /// <param name="prevalence">Mean risk where a model has no usable intercept; null: the model's own.</param>
    /// <exception cref="StudyException">A model cannot be simulated from; one sentence says why.</exception>
    public static SimulationPlan Plan(IReadOnlyList<RiskModel> models, double? prevalence = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        return new SimulationPlan { Cancers = [.. models.Select(model => Cancer(model, prevalence))] };
    }

    private static SimulatedCancer Cancer(RiskModel model, double? prevalence)
    {
        if (model.Family != ModelFamily.Logistic) { throw new StudyException($"The model {model.Id} is not logistic; a cohort can be simulated from logistic models only."); }
        var rate = prevalence ?? model.BaseRate?.Rate ?? model.Cohort.Prevalence ?? model.Intercept?.Prevalence;
        if (model.Intercept?.Value is null && rate is null) { throw new StudyException($"The model {model.Id} has neither an intercept nor a prevalence; say one with --prevalence."); }
        return new SimulatedCancer
        {
            Name = model.CancerType == "any" ? model.Id : model.Histologies.Count == 1 ? $"{model.CancerType} {model.Histologies[0]}" : model.CancerType,
            Share = Math.Max(1, model.Cohort.Patients ?? 1), Intercept = prevalence is null ? model.Intercept?.Value : null, Prevalence = rate,
            Factors = [.. model.Terms.Select(term => Factor(model, term))],
        };
    }

    private static SimulatedFactor Factor(RiskModel model, ModelTerm term)
    {
        switch (term)
        {
            case CategoricalTerm categorical: return Levels(term.Factor, categorical.Levels);
            case BinnedTerm binned: return Levels(term.Factor, binned.Bins);
            case ConditionalTerm conditional: return Levels(term.Factor, conditional.Levels);
            case LinearTerm linear:
                var mean = linear.Mean ?? (linear.Low + linear.High) / 2;
                return new SimulatedFactor
                {
                    Name = term.Factor, Mean = mean, Deviation = (linear.High - linear.Low) / Deviations, Slope = linear.Coefficient.Beta, Minimum = linear.Low, Maximum = linear.High,
                    Decimals = linear.High - linear.Low > 500 ? 0 : linear.High - linear.Low > 5 ? 1 : 3,
                };
            default: throw new StudyException($"The model {model.Id} has the term {term.Factor}, of a kind that the simulator does not draw (splines, products and image labels).");
        }
    }

    private static SimulatedFactor Levels(string name, IReadOnlyList<TermLevel> levels)
    {
        var counts = levels.Select(l => l.WithEvent is { } with && l.WithoutEvent is { } without ? with + without : (double?)null).ToArray();
        var shares = counts.All(c => c is > 0) ? counts.Select(c => c!.Value) : levels.All(l => l.Share is not null) ? levels.Select(l => l.Share!.Value) : levels.Select(_ => 1.0);
        return new SimulatedFactor { Name = name, Levels = [.. levels.Select(l => l.Level)], Shares = [.. shares], Effects = [.. levels.Select(l => l.Coefficient.Beta)] };
    }
}
