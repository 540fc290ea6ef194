using System.Security.Cryptography;
using System.Text;
using BoneMet.Dicom;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.DicomReports;

/// <summary>What a DICOM object about a prediction is about, and the modules that every such object has. The same prediction gives the same bytes.</summary>
internal sealed record ReportSubject
{
    /// <summary>The site's pseudonym; the platform knows no other name.</summary>
    public required string Subject { get; init; }
    public required string PredictionId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required CaseReportData Report { get; init; }

    /// <summary>The study to file under; null: a study of its own, the same for every report of the case.</summary>
    public string? StudyUid { get; init; }

    public RiskModels.Prediction Prediction => Report.Prediction!;

    /// <summary>A UID that depends on the case and these words alone.</summary>
    public string Uid(params ReadOnlySpan<string> words) =>
        DicomUID.FromBits(SHA256.HashData(Encoding.UTF8.GetBytes($"bonemet report\n{Report.CaseId}\n{string.Join('\n', words)}"))).UID;

    /// <summary>Patient, General Study, Series, General Equipment, SOP Common.</summary>
    /// <param name="sopClass">What the object is.</param>
    /// <param name="modality">SR or DOC.</param>
    /// <param name="series">Series number.</param>
    /// <param name="content">What makes this object another than the next of the same prediction.</param>
    public DicomDataset Object(DicomUID sopClass, string modality, int series, string content)
    {
        var at = At.ToUniversalTime();
        return new DicomDataset()
            .AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192")
            .AddOrUpdate(DicomTag.SOPClassUID, sopClass.UID)
            .AddOrUpdate(DicomTag.SOPInstanceUID, Uid(PredictionId, modality, StudyUid ?? "", content))
            .AddOrUpdate(DicomTag.InstanceCreationDate, $"{at:yyyyMMdd}")
            .AddOrUpdate(DicomTag.InstanceCreationTime, $"{at:HHmmss}")
            .AddOrUpdate(DicomTag.TimezoneOffsetFromUTC, "+0000")
            .AddOrUpdate(DicomTag.PatientName, Subject)
            .AddOrUpdate(DicomTag.PatientID, Subject)
            .AddOrUpdateEmpty(DicomTag.PatientBirthDate)
            .AddOrUpdateEmpty(DicomTag.PatientSex)
            .AddOrUpdate(DicomTag.StudyInstanceUID, StudyUid ?? Uid("study"))
            .AddOrUpdate(DicomTag.StudyDate, $"{Report.CreatedAt.ToUniversalTime():yyyyMMdd}")
            .AddOrUpdate(DicomTag.StudyTime, $"{Report.CreatedAt.ToUniversalTime():HHmmss}")
            .AddOrUpdateEmpty(DicomTag.ReferringPhysicianName)
            .AddOrUpdateEmpty(DicomTag.StudyID)
            .AddOrUpdateEmpty(DicomTag.AccessionNumber)
            .AddOrUpdate(DicomTag.StudyDescription, "Bone-metastasis risk (research use)")
            .AddOrUpdate(DicomTag.Modality, modality)
            .AddOrUpdate(DicomTag.SeriesInstanceUID, Uid("series", modality, StudyUid ?? ""))
            .AddOrUpdate(DicomTag.SeriesNumber, series)
            .AddOrUpdate(DicomTag.InstanceNumber, 1)
            .AddOrUpdate(DicomTag.ContentDate, $"{at:yyyyMMdd}")
            .AddOrUpdate(DicomTag.ContentTime, $"{at:HHmmss}")
            .AddOrUpdate(DicomTag.Manufacturer, "BoneMetPlatform")
            .AddOrUpdate(DicomTag.ManufacturerModelName, Prediction.ModelId)
            .AddOrUpdate(DicomTag.SoftwareVersions, Prediction.ModelVersion);
    }
}
