using BoneMet.Dicom;

namespace BoneMet.DicomIngestion.Instances;

/// <summary>Attributes that QIDO-RS and C-FIND search and return, taken from the kept data set when it is stored: lists never open files.</summary>
internal static class IndexedAttributes
{
    private const int LongestValue = 256;

    public static IReadOnlyList<DicomTag> Study { get; } =
    [
        DicomTag.StudyDate, DicomTag.StudyTime, DicomTag.AccessionNumber, DicomTag.ReferringPhysicianName, DicomTag.PatientName, DicomTag.PatientID, DicomTag.PatientBirthDate,
        DicomTag.PatientSex, DicomTag.StudyID, DicomTag.StudyDescription,
    ];

    public static IReadOnlyList<DicomTag> Series { get; } =
        [DicomTag.Modality, DicomTag.SeriesDescription, DicomTag.SeriesNumber, DicomTag.SeriesDate, DicomTag.SeriesTime, DicomTag.BodyPartExamined, DicomTag.Manufacturer, DicomTag.PerformedProcedureStepStartDate];

    public static IReadOnlyList<DicomTag> Instance { get; } = [DicomTag.InstanceNumber, DicomTag.Rows, DicomTag.Columns, DicomTag.BitsAllocated, DicomTag.NumberOfFrames];

    public static IReadOnlyDictionary<string, string> Of(DicomDataset dataset)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in (IEnumerable<DicomTag>)[.. Study, .. Series, .. Instance])
        {
            if (!dataset.TryGetString(tag, out var text)) { continue; }
            text = text.Trim();
            if (text.Length > 0) { values[tag.Keyword!] = text.Length > LongestValue ? text[..LongestValue] : text; }
        }
        return values;
    }
}
