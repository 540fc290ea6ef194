namespace BoneMet.DicomIngestion.Queries;

/// <summary>A query of QIDO-RS or C-FIND in common terms.</summary>
internal sealed record SearchQuery
{
    public const int MostResults = 5000;

    public required SearchLevel Level { get; init; }

    /// <summary>What attributes must match, by keyword: wildcards * and ?, date ranges a-b, UID lists a\b.</summary>
    public IReadOnlyDictionary<string, string> Match { get; init; } = new Dictionary<string, string>();

    /// <summary>Names match by the beginning of any of their words.</summary>
    public bool Fuzzy { get; init; }
    public int Offset { get; init; }
    public int Limit { get; init; } = MostResults;

    /// <summary>Only this site's instances; null: all.</summary>
    public string? Site { get; init; }
}
