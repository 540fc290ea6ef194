namespace BoneMet.Cohorts.Design;

/// <summary>A factor in the design: which columns of the matrix are its own, and how they were made.</summary>
internal sealed record DesignTerm
{
    /// <summary>Name of the factor.</summary>
    public required string Name { get; init; }

    /// <summary>How it enters.</summary>
    public required TermKind Kind { get; init; }

    /// <summary>Its columns of the matrix.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Levels, reference first, of a categorical term.</summary>
    public string[] Levels { get; init; } = [];

    /// <summary>Rows of each level.</summary>
    public int[] LevelCounts { get; init; } = [];

    /// <summary>Knots of a spline.</summary>
    public double[] Knots { get; init; } = [];

    /// <summary>The numbers of a linear or spline term, one per row of the design.</summary>
    public double[] Values { get; init; } = [];

    /// <summary>Codes of a categorical term, one per row of the design.</summary>
    public int[] Codes { get; init; } = [];

    /// <summary>Unit of a number; null when unknown.</summary>
    public string? Unit { get; init; }

    /// <summary>Terms that a product multiplies.</summary>
    public string[] Parents { get; init; } = [];
}
