using BoneMet.DicomIngestion.Spooling;

namespace BoneMet.DicomIngestion.Instances;

/// <summary>A received instance, validated and de-identified, ready to be stored.</summary>
internal sealed record PreparedInstance : IDisposable
{
    /// <summary>What the sender called it, for messages.</summary>
    public required string ItemName { get; init; }

    /// <summary>UIDs as the sender knows them, for its answer and, sealed, for the vault.</summary>
    public required string OriginalSopInstanceUid { get; init; }
    public required string OriginalSopClassUid { get; init; }
    public required string OriginalStudyUid { get; init; }
    public required string OriginalSeriesUid { get; init; }
    public required string OriginalAccession { get; init; }

    /// <summary>Patient ID and name as they came, joined by a line feed; for the vault only.</summary>
    public required string OriginalPatient { get; init; }
    public required string Pseudonym { get; init; }
    public required string Accession { get; init; }
    public required string StudyUid { get; init; }
    public required string SeriesUid { get; init; }
    public required string SopInstanceUid { get; init; }
    public required string SopClassUid { get; init; }
    public required string TransferSyntaxUid { get; init; }
    public required string Modality { get; init; }
    public int? InstanceNumber { get; init; }
    public int Frames { get; init; } = 1;
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
    public required string SourceSha256 { get; init; }

    /// <summary>The file as it will be kept, of a large instance or one that waits for others of its upload.</summary>
    public SpooledFile? File { get; init; }

    /// <summary>The same in memory, of a small instance that is stored at once.</summary>
    public MemoryStream? Content { get; init; }

    public Stream Open() => Content is not null
        ? new MemoryStream(Content.GetBuffer(), 0, (int)Content.Length, writable: false)
        : new FileStream(File!.Path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });

    public void Dispose()
    {
        File?.Dispose();
        Content?.Dispose();
    }
}
