namespace BoneMet.Statistics.Simulation;

/// <summary>What a synthetic cohort is drawn from.</summary>
public sealed record SimulationPlan
{
    /// <summary>Cancer types.</summary>
    public required IReadOnlyList<SimulatedCancer> Cancers { get; init; }

    /// <summary>Names of the sites.</summary>
    public IReadOnlyList<string> Sites { get; init; } = ["Site A", "Site B", "Site C", "Site D"];

    /// <summary>Standard deviation between sites of the logit.</summary>
    public double SiteDeviation { get; init; } = 0.2;

    /// <summary>Share of cells of the factors that is left empty, completely at random.</summary>
    public double MissingShare { get; init; }

    /// <summary>Name of the outcome column.</summary>
    public string Outcome { get; init; } = "bm";

    /// <summary>Hazard of death per month at a logit of 0.</summary>
    public double Hazard { get; init; } = 0.03;

    /// <summary>Log hazard ratio per unit of the logit.</summary>
    public double HazardPerLogit { get; init; } = 0.5;

    /// <summary>Longest follow-up, months; censoring is uniform from a tenth of it.</summary>
    public double FollowUp { get; init; } = 120;
}
