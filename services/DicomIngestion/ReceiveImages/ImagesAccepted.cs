namespace BoneMet.DicomIngestion.ReceiveImages;

/// <summary>Answer to an upload: what came, what of it was new, and what was not DICOM.</summary>
internal sealed record ImagesAccepted
{
    public required string CaseId { get; init; }
    public required int Instances { get; init; }
    public required int NewInstances { get; init; }
    public required int SameInstances { get; init; }
    public required int TotalInstances { get; init; }

    /// <summary>True: the volume is being built now; false: when the series has been quiet.</summary>
    public required bool Complete { get; init; }

    /// <summary>Items whose UID is held with other bytes: kept beside the first, not used.</summary>
    public required IReadOnlyList<string> Conflicts { get; init; }

    /// <summary>Items that were not stored because they may show the patient's identity.</summary>
    public required IReadOnlyList<HeldBackItem> HeldBack { get; init; }

    /// <summary>Files in an archive that are not DICOM, at most 100 of them.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }
}
