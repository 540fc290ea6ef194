using BoneMet.Storage;

namespace BoneMet.CohortAnalysis.Cohorts;

/// <summary>An uploaded cohort: where its bytes are and what its columns hold. The bytes never change.</summary>
internal sealed record CohortDocument : StoredDocument
{
    public static IReadOnlyDictionary<string, Func<CohortDocument, string?>> Indexes { get; } = new Dictionary<string, Func<CohortDocument, string?>> { ["site"] = cohort => cohort.Site };

    public required string Site { get; init; }

    public required string Name { get; init; }

    public required string Sha256 { get; init; }

    public required long Bytes { get; init; }

    public required int Rows { get; init; }

    public required IReadOnlyList<CohortColumn> Columns { get; init; }

    public required long RejectedCells { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required DateTimeOffset At { get; init; }
}
