using System.Text.Json;
using BoneMet.Dicom;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.NomogramAggregation.ReadCase;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.DicomReports;

/// <summary>The newest prediction as DICOM objects that an archive takes.</summary>
internal static class DicomReportEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cases/{id}/report.sr.dcm", (string id, HttpContext http, CaseStore cases, ModelShelf models, CancellationToken cancellation, string? studyInstanceUid = null) =>
                Written(id, http, cases, models, studyInstanceUid, "en", (subject, _) => StructuredReport.Write(subject), cancellation))
            .WithSummary("The newest prediction as a DICOM structured report (TID 1500); studyInstanceUid files it under a study")
            .Produces<byte[]>(200, "application/dicom")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/cases/{id}/report.pdf.dcm", (string id, HttpContext http, CaseStore cases, ModelShelf models, CancellationToken cancellation, string? language = null, string? studyInstanceUid = null) =>
                Written(id, http, cases, models, studyInstanceUid, language, EncapsulatedPdf.Write, cancellation))
            .WithSummary("The report on paper as a DICOM Encapsulated PDF; studyInstanceUid files it under a study")
            .Produces<byte[]>(200, "application/dicom")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Written(
        string id, HttpContext http, CaseStore cases, ModelShelf models, string? study, string? language, Func<ReportSubject, string, DicomFile> write, CancellationToken cancellation)
    {
        var tongue = ReportLanguage.Of(language);
        if (study is not null && !DicomUID.IsValid(study)) { throw Problems.BadRequest("study-instance-uid", "studyInstanceUid must be a DICOM UID."); }
        var document = await ReadCaseEndpoints.Visible(id, http, cases, cancellation);
        if (document.Predictions.Count == 0) { throw Problems.NotFound("no-prediction", "This case has no prediction yet: none of its strands is ready."); }

        using (Work.Begin("draw"))
        {
            var newest = document.Predictions[^1];
            var subject = new ReportSubject
            {
                Subject = document.Subject,
                PredictionId = newest.Id,
                At = newest.At,
                StudyUid = study,

                // Written when the prediction was made, so that the object is the same however often it is asked for.
                Report = ReportData.Of(document, models, newest.At),
            };
            using var file = new MemoryStream();
            write(subject, tongue).Save(file);
            return Results.Bytes(file.ToArray(), "application/dicom", $"{newest.Id}.dcm");
        }
    }
}
