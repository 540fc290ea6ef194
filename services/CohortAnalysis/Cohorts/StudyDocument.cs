using BoneMet.Storage;

namespace BoneMet.CohortAnalysis.Cohorts;

/// <summary>A study: a frozen protocol on a cohort, and its results once there are some. Its id follows from both, so the same study is made once.</summary>
internal sealed record StudyDocument : StoredDocument
{
    public static IReadOnlyDictionary<string, Func<StudyDocument, string?>> Indexes { get; } = new Dictionary<string, Func<StudyDocument, string?>>
    {
        ["cohort"] = study => study.CohortId,
        ["state"] = study => study.State.ToString(),
    };

    public required string CohortId { get; init; }

    public required string CohortSha256 { get; init; }

    public required string CohortName { get; init; }

    /// <summary>The protocol as JSON, byte for byte what its hash is over.</summary>
    public required string Protocol { get; init; }

    public required string ProtocolSha256 { get; init; }

    public required StudyState State { get; init; }

    /// <summary>Why there is no result, in one sentence.</summary>
    public string? Reason { get; init; }

    public string? ResultBlob { get; init; }

    public string? ReportBlob { get; init; }

    /// <summary>Pictures by name.</summary>
    public IReadOnlyDictionary<string, string> PictureBlobs { get; init; } = new Dictionary<string, string>();

    /// <summary>The model as a risk model document; absent for studies without one.</summary>
    public string? ModelBlob { get; init; }

    /// <summary>Models of an atlas by cancer type.</summary>
    public IReadOnlyDictionary<string, string> TypeModelBlobs { get; init; } = new Dictionary<string, string>();

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
