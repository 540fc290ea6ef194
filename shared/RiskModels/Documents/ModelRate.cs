namespace BoneMet.RiskModels;

/// <summary>A published rate of a population, or of those for whom <see cref="When"/> holds. Rows are tried in order.</summary>
public sealed record ModelRate
{
    public required LocalText Label { get; init; }

    /// <summary>Whom the row is for; null: everybody.</summary>
    public Condition? When { get; init; }
    public required double Rate { get; init; }
    public int? Events { get; init; }
    public int? Patients { get; init; }

    /// <summary>Interval or range as printed.</summary>
    public double? Low { get; init; }
    public double? High { get; init; }

    /// <summary>"published" (a confidence interval) or "published-range" (of several studies).</summary>
    public string? IntervalKind { get; init; }
    public string? Note { get; init; }
}
