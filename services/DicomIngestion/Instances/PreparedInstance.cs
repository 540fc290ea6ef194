using BoneMet.Dicom;
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

    /// <summary>SHA-256 of the data set as it came, without its pixels.</summary>
    public required string SourceSha256 { get; init; }

    /// <summary>The instance as it will be kept: its pixels are still where they were received.</summary>
    public DicomEncoding? Encoding { get; init; }

    /// <summary>The pixels of <see cref="Encoding"/>.</summary>
    public DicomItem? Pixels { get; init; }

    /// <summary>The same in a file of its own, where that cannot be.</summary>
    public SpooledFile? File { get; init; }

    /// <summary>The bytes to keep, when all of them are in memory.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Memory => Encoding?.Memory;

    public Stream Open() => Encoding?.OpenRead() ?? new FileStream(File!.Path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });

    public void Dispose() => File?.Dispose();
}
