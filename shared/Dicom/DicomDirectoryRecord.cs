namespace BoneMet.Dicom;

/// <summary>One record of a DICOMDIR and the records below it.</summary>
public sealed class DicomDirectoryRecord
{
    internal DicomDirectoryRecord(DicomDataset dataset) => Dataset = dataset;

    public DicomDataset Dataset { get; }

    /// <summary>PATIENT, STUDY, SERIES, IMAGE …</summary>
    public string Type => Dataset.GetSingleValueOrDefault(DicomTag.DirectoryRecordType, "");

    public List<DicomDirectoryRecord> Children { get; } = [];

    /// <summary>Where the file lies below the file set's folder, with slashes; null for records without a file.</summary>
    public string? FilePath => Dataset.TryGetValues<string>(DicomTag.ReferencedFileID, out var parts) && parts.Length > 0 ? string.Join('/', parts) : null;

    /// <summary>What a person calls it.</summary>
    public string Label => Type switch
    {
        "PATIENT" => Join(DicomTag.PatientID, DicomTag.PatientName),
        "STUDY" => Join(DicomTag.StudyDate, DicomTag.StudyDescription, DicomTag.StudyInstanceUID),
        "SERIES" => Join(DicomTag.Modality, DicomTag.SeriesNumber, DicomTag.SeriesInstanceUID),
        _ => Join(DicomTag.InstanceNumber, DicomTag.ReferencedSOPInstanceUIDInFile),
    };

    private string Join(params ReadOnlySpan<DicomTag> tags)
    {
        var parts = new List<string>();
        foreach (var tag in tags)
        {
            if (Dataset.TryGetString(tag, out var text)) { parts.Add(text); }
        }
        return string.Join(' ', parts);
    }
}
