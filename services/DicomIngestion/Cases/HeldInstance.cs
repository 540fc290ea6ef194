using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Cases;

/// <summary>One SOP instance that a case holds: where its bytes are, and what the search over it needs.</summary>
internal sealed record HeldInstance : StoredDocument
{
    public const string CaseIndex = "case";
    public const string StudyIndex = "study";
    public const string SeriesIndex = "series";
    public const string SopIndex = "sop";

    /// <summary>Study and site: how many instances each site has of each study is counted without reading any.</summary>
    public const string StudyOfSiteIndex = "study-site";

    public const char SiteMark = '|';

    public static IReadOnlyDictionary<string, Func<HeldInstance, string?>> Indexes { get; } = new Dictionary<string, Func<HeldInstance, string?>>
    {
        [CaseIndex] = held => held.CaseId,
        [StudyIndex] = held => held.StudyUid,
        [SeriesIndex] = held => held.SeriesUid,
        [SopIndex] = held => held.SopInstanceUid,
        [StudyOfSiteIndex] = held => $"{held.StudyUid}{SiteMark}{held.Site}",
    };

    public required string CaseId { get; init; }

    /// <summary>Site that the instance belongs to: nobody else finds it.</summary>
    public required string Site { get; init; }
    public required string StudyUid { get; init; }
    public required string SeriesUid { get; init; }
    public required string SopInstanceUid { get; init; }
    public required string SopClassUid { get; init; }
    public required string TransferSyntaxUid { get; init; }
    public required string Modality { get; init; }

    /// <summary>Blob of the instance as it is kept (de-identified).</summary>
    public required string Blob { get; init; }

    /// <summary>SHA-256 of the data set as it came, without its pixels.</summary>
    public required string SourceSha256 { get; init; }
    public required long Length { get; init; }
    public int? InstanceNumber { get; init; }
    public int Frames { get; init; } = 1;

    /// <summary>Attributes for QIDO-RS and C-FIND by keyword, from the kept (de-identified) data set.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
    /// <summary>The sender's SOP Instance UID, sealed under ours.</summary>
    public string? SealedOriginalUid { get; init; }
    public IReadOnlyList<InstanceConflict> Conflicts { get; init; } = [];
    public required DateTimeOffset ReceivedAt { get; init; }

    public static string IdOf(string caseId, string sopInstanceUid) => $"{caseId}|{sopInstanceUid}";
}
