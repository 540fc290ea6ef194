namespace BoneMet.Statistics.Simulation;

/// <summary>One cancer type of a synthetic cohort.</summary>
public sealed record SimulatedCancer
{
    /// <summary>Name, as it stands in the column <c>cancer</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Share among all patients.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Intercept of the logit; null: solved so that the mean risk is <see cref="Prevalence"/>.</summary>
    public double? Intercept { get; init; }

    /// <summary>Mean risk; needed when there is no intercept.</summary>
    public double? Prevalence { get; init; }

    /// <summary>Factors with their true effects.</summary>
    public required IReadOnlyList<SimulatedFactor> Factors { get; init; }
}
