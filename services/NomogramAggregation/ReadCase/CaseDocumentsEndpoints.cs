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
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cases/{id}/nomogram.svg", Nomogram).WithSummary("The nomogram of the newest prediction's model with this patient's marks").Produces<string>(200, "image/svg+xml");
        routes.MapGet("/cases/{id}/report", Report).WithSummary("The report of a case: one self-contained HTML page in en, zh or ru").Produces<string>(200, "text/html");
    }

    private static async Task<IResult> Report(string id, HttpContext http, CaseStore cases, ModelShelf models, TimeProvider clock, CancellationToken cancellation, string? language = null)
    {
        if (language is not (null or "en" or "zh" or "zh-CN" or "ru")) { throw Problems.BadRequest("language", "language must be en, zh or ru."); }

        var document = await ReadCaseEndpoints.Visible(id, http, cases, cancellation);
        using (Work.Begin("draw"))
        {
            return Results.Content(CaseReport.Html(ReportData.Of(document, models, clock.GetUtcNow()), language ?? "en"), "text/html; charset=utf-8");
        }
    }

    private static async Task<IResult> Nomogram(string id, HttpContext http, CaseStore cases, ModelShelf models, CancellationToken cancellation, string? language = null)
    {
        var document = await ReadCaseEndpoints.Visible(id, http, cases, cancellation);
        if (document.Predictions.Count == 0) { throw Problems.NotFound("no-prediction", "This case has no prediction yet: none of its strands is ready."); }

        var stored = document.Predictions[^1];
        var prediction = stored.Result.Deserialize(PredictionJson.Default.Prediction)!;
        var model = models.OfPrediction(prediction) ?? throw Problems.Gone("model-gone", $"Model {stored.ModelId} {stored.ModelVersion} is no longer in the library.");
        using (Work.Begin("draw"))
        {
            return Results.Text(NomogramSvg.Draw(NomogramGeometry.Compute(model), prediction, language ?? "en"), "image/svg+xml", Encoding.UTF8);
        }
    }
}
