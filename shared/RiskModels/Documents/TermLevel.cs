namespace BoneMet.RiskModels;

/// <summary>One level of a categorical, binned or conditional term.</summary>
public sealed record TermLevel
{
    public required string Level { get; init; }
    public LocalText? Label { get; init; }

    /// <summary>Dictionary levels that fall into this one ("T3", "T4" into "T3-4"); empty: the level itself.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>Lower edge, inclusive, of a bin; null: no lower edge.</summary>
    public double? From { get; init; }

    /// <summary>Upper edge, exclusive, of a bin; null: no upper edge.</summary>
    public double? To { get; init; }

    /// <summary>What makes a conditional term take this level.</summary>
    public Condition? When { get; init; }

    public required Coefficient Coefficient { get; init; }

    /// <summary>True for the level that all others are compared with.</summary>
    public bool IsReference { get; init; }

    /// <summary>Patients of the cohort at this level without and with the event, as printed.</summary>
    public int? WithoutEvent { get; init; }
    public int? WithEvent { get; init; }

    /// <summary>Share of the cohort at this level (0–1), when only that was printed.</summary>
    public double? Share { get; init; }
}
