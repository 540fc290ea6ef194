using System.Security.Cryptography;
using BoneMet.Dicom;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.DicomReports;

/// <summary>The printed report as an Encapsulated PDF object (PS3.3 A.45.1), as archives keep documents.</summary>
internal static class EncapsulatedPdf
{
    private const int Series = 9002;

    public static DicomFile Write(ReportSubject subject, string language)
    {
        var pdf = CaseReportPdf.Write(subject.Report, language);
        var even = pdf.Length % 2 == 0 ? pdf : [.. pdf, 0];
        var at = subject.At.ToUniversalTime();
        return new DicomFile(subject.Object(DicomUID.EncapsulatedPDFStorage, "DOC", Series, Convert.ToHexStringLower(SHA256.HashData(pdf)))
            .AddOrUpdate(DicomTag.ConversionType, "WSD")
            .AddOrUpdate(DicomTag.AcquisitionDateTime, $"{at:yyyyMMddHHmmss}")
            .AddOrUpdate(DicomTag.BurnedInAnnotation, "YES")
            .AddOrUpdate(DicomTag.DocumentTitle, $"Bone-metastasis risk report ({language})")
            .AddOrUpdate(DicomTag.ConceptNameCodeSequence, new SrCode("18748-4", "LN", "Diagnostic imaging report").Item)
            .AddOrUpdate(DicomTag.MIMETypeOfEncapsulatedDocument, "application/pdf")
            .AddOrUpdate(new DicomElement(DicomTag.EncapsulatedDocument, DicomVR.OB, even))
            .AddOrUpdate(DicomTag.EncapsulatedDocumentLength, (uint)pdf.Length));
    }
}
