namespace BoneMet.Cohorts.Published;

/// <summary>One row of a published table, with what can be computed from it and what contradicts itself.</summary>
public sealed record PublishedFinding
{
    /// <summary>Data row, from 1.</summary>
    public required int Row { get; init; }

    /// <summary>Factor.</summary>
    public required string Factor { get; init; }

    /// <summary>Level.</summary>
    public required string Level { get; init; }

    /// <summary>Odds ratio from the counts against the reference level.</summary>
    public double? CrudeOddsRatio { get; init; }

    /// <summary>Its 95 % limits (Woolf).</summary>
    public double? CrudeLow { get; init; }

    /// <summary>Its 95 % limits (Woolf).</summary>
    public double? CrudeHigh { get; init; }

    /// <summary>χ² of the fourfold table against the reference, without continuity correction.</summary>
    public double? ChiSquare { get; init; }

    /// <summary>χ² with Yates' continuity correction.</summary>
    public double? ChiSquareYates { get; init; }

    /// <summary>Log odds ratio that is printed.</summary>
    public double? Beta { get; init; }

    /// <summary>Standard error from the printed limits: (ln hi − ln lo) / (2 · 1.959964).</summary>
    public double? StandardError { get; init; }

    /// <summary>Two-sided p from the printed ratio and limits.</summary>
    public double? PFromInterval { get; init; }

    /// <summary>Contradictions, one sentence each.</summary>
    public required IReadOnlyList<string> Flags { get; init; }
}
