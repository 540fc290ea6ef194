using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Assignment;

/// <summary>To which case a study, an accession number or a patient (all by pseudonym) belongs: learnt from uploads and assignments.</summary>
internal sealed record StudyLink : StoredDocument
{
    public required string CaseId { get; init; }
    public required string Site { get; init; }

    /// <summary>Several cases share it: it decides nothing.</summary>
    public bool IsAmbiguous { get; init; }
}
