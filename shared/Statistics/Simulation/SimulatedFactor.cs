namespace BoneMet.Statistics.Simulation;

/// <summary>A factor of a synthetic cohort: either levels with shares and effects, or a number with a distribution and a slope.</summary>
public sealed record SimulatedFactor
{
    /// <summary>Column name.</summary>
    public required string Name { get; init; }

    /// <summary>Levels, reference first; null: a number.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>Share of each level in the population.</summary>
    public IReadOnlyList<double>? Shares { get; init; }

    /// <summary>Log odds ratio of each level against the reference (first entry 0).</summary>
    public IReadOnlyList<double>? Effects { get; init; }

    /// <summary>Mean of a number (of its logarithm when <see cref="LogNormal"/>).</summary>
    public double Mean { get; init; }

    /// <summary>Standard deviation (of the logarithm when <see cref="LogNormal"/>).</summary>
    public double Deviation { get; init; }

    /// <summary>Whether the number is log-normal.</summary>
    public bool LogNormal { get; init; }

    /// <summary>Log odds ratio per unit of a number.</summary>
    public double Slope { get; init; }

    /// <summary>Smallest value; draws below are set to it.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value; draws above are set to it.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Decimal places that are kept.</summary>
    public int Decimals { get; init; } = 1;
}
