using System.Text;
using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.ReadCase;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Models;

internal static class ModelEndpoints
{
    private const int LargestDocument = 2 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", (ModelShelf models, string? cancerType) => new PageView<ModelView>([.. models.All.Where(model => cancerType is null || model.Model.CancerType == cancerType).Select(View)], null))
            .WithSummary("The model library");
        routes.MapGet("/models/{id}", (string id, ModelShelf models) => models.Json(id) is { } json
                ? Results.Text(json, "application/json", Encoding.UTF8)
                : throw NoModel(id))
            .WithSummary("A model document, bonemet.risk-model/1")
            .Produces<object>();
        routes.MapGet("/models/{id}/nomogram.html", (string id, ModelShelf models, string? language) => Results.Content(
                InteractiveNomogram.Html(models.Find(id) ?? throw NoModel(id), null, ReportLanguage.Of(language)), "text/html; charset=utf-8"))
            .WithSummary("The nomogram of a model as a fragment of a page, with controls that move it")
            .Produces<string>(200, "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/models", Publish)
            .RequireOperator()
            .WithSummary("Publish a model document; every fault of it is listed with its place")
            .Accepts<object>("application/json")
            .Produces<ModelView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static ProblemException NoModel(string id) => Problems.NotFound("model-not-found", $"There is no model '{id}'; GET /api/v1/models lists them.");

    private static async Task<IResult> Publish(HttpContext http, ModelShelf models, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        if (http.Request.ContentLength is > LargestDocument) { throw Problems.TooLarge("model-too-large", "A model document may have 2 MB."); }
        await http.Request.Body.CopyToAsync(buffer, cancellation);
        var published = await models.Publish(Encoding.UTF8.GetString(buffer.ToArray()), cancellation);
        return Results.Created($"/api/v1/models/{published.Model.Id}", View(published));
    }

    private static ModelView View(CompiledModel model) => new()
    {
        Id = model.Model.Id,
        Version = model.Model.Version,
        Title = model.Model.Title.En,
        CancerType = model.Model.CancerType,
        Histologies = model.Model.Histologies,
        Family = model.Model.Family.ToString().ToLowerInvariant(),
        Outcome = $"{model.Model.Outcome.Event}, {model.Model.Outcome.Timing}",
        Complete = model.Model.Evidence.Complete,
        GivesProbability = model.Model.GivesProbability,
        Factors = [.. model.Factors.Order(StringComparer.Ordinal)],
        Sha256 = model.Sha256,
        Doi = model.Model.Evidence.Doi,
    };
}
