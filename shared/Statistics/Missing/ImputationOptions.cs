namespace BoneMet.Statistics.Missing;

/// <summary>How <see cref="ChainedEquations"/> works.</summary>
public sealed record ImputationOptions
{
    /// <summary>Completed tables.</summary>
    public int Imputations { get; init; } = 5;

    /// <summary>Rounds over the columns for each table.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>Nearest complete rows from which a number is drawn.</summary>
    public int Donors { get; init; } = 5;

    /// <summary>Seed; the same seed gives the same tables on any number of threads.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Threads; 0: all cores.</summary>
    public int Threads { get; init; }

    /// <summary>Told the fraction done, from 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }
}
