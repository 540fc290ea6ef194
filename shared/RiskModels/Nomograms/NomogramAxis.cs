namespace BoneMet.RiskModels;

/// <summary>One line of a nomogram.</summary>
public sealed record NomogramAxis
{
    /// <summary>"points", "factor", "total", "linear-predictor", "probability", "risk-band"; of a table of rates "rate" (the scale, in percent) and "stratum".</summary>
    public required string Kind { get; init; }
    public required LocalText Label { get; init; }

    /// <summary>Factor name, or null for scales.</summary>
    public string? Factor { get; init; }
    public string? Unit { get; init; }

    /// <summary>Number of the line among those of the same factor, from 0 (see <see cref="PredictionPoint.Line"/>).</summary>
    public int Line { get; init; }

    /// <summary>Months of a survival horizon.</summary>
    public double? Months { get; init; }

    /// <summary>Position of the line's ends, in points (or total points).</summary>
    public required double From { get; init; }
    public required double To { get; init; }
    public required IReadOnlyList<NomogramTick> Ticks { get; init; }

    /// <summary>
    /// Above (true) or below (false) the line, for each tick: where a curve turns back on itself, the values before and after the turn are written
    /// on different sides.
    /// </summary>
    public IReadOnlyList<bool> Above { get; init; } = [];

    /// <summary>Values at which a spline turns, in the factor's unit.</summary>
    public IReadOnlyList<double> Turns { get; init; } = [];
}
