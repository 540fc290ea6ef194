using BoneMet.Contracts.Events;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Cases;

/// <summary>What the ingestion knows about a case's images as a whole. Its id is the case's.</summary>
internal sealed record CaseImaging : StoredDocument
{
    public const string OpenIndex = "open";
    public const string OpenValue = "yes";

    public static IReadOnlyDictionary<string, Func<CaseImaging, string?>> Indexes { get; } = new Dictionary<string, Func<CaseImaging, string?>>
    {
        [OpenIndex] = imaging => imaging.IsOpen ? OpenValue : null,
    };

    public required string Site { get; init; }
    public RegionRequest? Region { get; init; }

    /// <summary>Counts changes of the material: new instances, another region.</summary>
    public long Revision { get; init; }

    /// <summary>The revision from which <see cref="Stored"/> or <see cref="Failure"/> was made.</summary>
    public long BuiltRevision { get; init; }

    /// <summary>When the open material counts as complete.</summary>
    public DateTimeOffset DueAt { get; init; }
    public int TotalInstances { get; init; }
    public IReadOnlyList<RegionFound> Regions { get; init; } = [];

    /// <summary>Trace of the latest upload: the build continues it.</summary>
    public string? TraceParent { get; init; }
    public ImagesReceived? Received { get; init; }
    public ImagingStored? Stored { get; init; }
    public StrandFailed? Failure { get; init; }
    public DateTimeOffset? LastArrival { get; init; }

    public bool IsOpen => BuiltRevision < Revision;
}
