using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.ReadCase;

/// <summary>What a person reads of a case: the nomogram as a picture and the report as a page.</summary>
internal static class CaseDocumentsEndpoints
{
    /// <summary>A report holds its style and one script, and asks nothing of anybody.</summary>
    private static readonly string ReportPolicy =
        $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(InteractiveNomogram.Code)))}'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cases/{id}/nomogram.svg", Nomogram).WithSummary("The nomogram of the newest prediction's model with this patient's marks").Produces<string>(200, "image/svg+xml");
        routes.MapGet("/cases/{id}/nomogram.html", MovableNomogram).WithSummary("The same nomogram as a fragment of a page, with controls that move it").Produces<string>(200, "text/html");
        routes.MapGet("/cases/{id}/report", Report).WithSummary("The report of a case: one self-contained HTML page in en, zh or ru").Produces<string>(200, "text/html");
        routes.MapGet("/cases/{id}/report.pdf", ReportPdf).WithSummary("The report of a case on paper, with the same numbers").Produces<byte[]>(200, "application/pdf");
        routes.MapGet("/cases/{id}/fhir", Fhir).WithSummary("The newest prediction as a FHIR R4 bundle").Produces<object>(200, "application/fhir+json");
    }

    private static Task<IResult> Report(string id, HttpContext http, CaseStore cases, ModelShelf models, TimeProvider clock, CancellationToken cancellation, string? language = null) =>
        Written(id, http, cases, models, clock, language, (data, tongue) =>
        {
            http.Response.Headers.ContentSecurityPolicy = ReportPolicy;
            return Results.Content(CaseReport.Html(data, tongue), "text/html; charset=utf-8");
        }, cancellation);

    private static Task<IResult> ReportPdf(string id, HttpContext http, CaseStore cases, ModelShelf models, TimeProvider clock, CancellationToken cancellation, string? language = null) =>
        Written(id, http, cases, models, clock, language, (data, tongue) => Results.Bytes(CaseReportPdf.Write(data, tongue), "application/pdf"), cancellation);

    private static Task<IResult> Fhir(string id, HttpContext http, CaseStore cases, ModelShelf models, TimeProvider clock, CancellationToken cancellation, string? language = null) =>
        Written(id, http, cases, models, clock, language, (data, tongue) => data.Prediction is null
            ? throw Problems.NotFound("no-prediction", "This case has no prediction yet: none of its strands is ready.")
            : Results.Text(FhirReport.Write(data, tongue), "application/fhir+json", Encoding.UTF8), cancellation);

    private static async Task<IResult> Written(
        string id, HttpContext http, CaseStore cases, ModelShelf models, TimeProvider clock, string? language, Func<CaseReportData, string, IResult> write, CancellationToken cancellation)
    {
        var tongue = ReportLanguage.Of(language);
        var document = await ReadCaseEndpoints.Visible(id, http, cases, cancellation);
        using (Work.Begin("draw")) { return write(ReportData.Of(document, models, clock.GetUtcNow()), tongue); }
    }

    private static Task<IResult> Nomogram(string id, HttpContext http, CaseStore cases, ModelShelf models, CancellationToken cancellation, string? language = null) =>
        Drawn(id, http, cases, models, language, (model, prediction, tongue) => Results.Text(NomogramSvg.Draw(NomogramGeometry.Compute(model), prediction, tongue), "image/svg+xml", Encoding.UTF8), cancellation);

    private static Task<IResult> MovableNomogram(string id, HttpContext http, CaseStore cases, ModelShelf models, CancellationToken cancellation, string? language = null) =>
        Drawn(id, http, cases, models, language, (model, prediction, tongue) => Results.Content(InteractiveNomogram.Html(model, prediction, tongue), "text/html; charset=utf-8"), cancellation);

    private static async Task<IResult> Drawn(
        string id, HttpContext http, CaseStore cases, ModelShelf models, string? language, Func<CompiledModel, RiskModels.Prediction, string, IResult> draw, CancellationToken cancellation)
    {
        var tongue = ReportLanguage.Of(language);
        var document = await ReadCaseEndpoints.Visible(id, http, cases, cancellation);
        if (document.Predictions.Count == 0) { throw Problems.NotFound("no-prediction", "This case has no prediction yet: none of its strands is ready."); }

        var stored = document.Predictions[^1];
        var prediction = stored.Result.Deserialize(PredictionJson.Default.Prediction)!;
        var model = models.OfPrediction(prediction) ?? throw Problems.Gone("model-gone", $"Model {stored.ModelId} {stored.ModelVersion} is no longer in the library.");
        using (Work.Begin("draw")) { return draw(model, prediction, tongue); }
    }
}
