using System.Text;
using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.ReadCase;
using BoneMet.RiskModels;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Models;

internal static class ModelEndpoints
{
    private const int LargestDocument = 2 << 20;
    private const int MostCompared = 10_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", (HttpContext http, ModelShelf models, string? cancerType) => new PageView<ModelView>([.. models.Content.Answering(http.Caller().Site).All.Where(model => cancerType is null || model.Model.CancerType == cancerType).Select(View)], null))
            .WithSummary("The model library");
        routes.MapGet("/models/{id}", (string id, HttpContext http, ModelShelf models) => Results.Text(ModelFile.Save(models.Get(id, http.Caller().Site).Model), "application/json", Encoding.UTF8))
            .WithSummary("A model document, bonemet.risk-model/1; id@version names any version")
            .Produces<object>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);
        routes.MapGet("/models/{id}/nomogram.html", (string id, HttpContext http, ModelShelf models, string? language) => Results.Content(
                InteractiveNomogram.Html(models.Get(id, http.Caller().Site), null, ReportLanguage.Of(language)), "text/html; charset=utf-8"))
            .WithSummary("The nomogram of a model as a fragment of a page, with controls that move it")
            .Produces<string>(200, "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/models/{id}/versions", Versions)
            .WithSummary("Every version of a model: champion, challenger, retired, earlier")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/models/{id}/standing", Standing)
            .WithSummary("Which version of a model answers, which is computed beside it, which are retired and why")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/models/{id}/comparison", Compare)
            .WithSummary("Champion and challenger on the same stored cases of the caller's site, newest first")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/models/{id}/standing", async (string id, NewStanding body, HttpContext http, ModelShelf models, IDocumentCollection<ModelStanding> standings, TimeProvider clock, CancellationToken cancellation) =>
            {
                await SetStanding.Handle(id, body, models, standings, clock, cancellation);
                return Versions(id, http, models);
            })
            .RequireOperator()
            .WithSummary("Say which versions of a model answer: champion, challenger, retired")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/models", Publish)
            .RequireOperator()
            .WithSummary("Publish a signed model document; every fault of it is listed with its place")
            .Accepts<object>("application/json")
            .Produces<ModelView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static PageView<ModelVersionView> Versions(string id, HttpContext http, ModelShelf models)
    {
        var shelf = models.Content;
        var champion = shelf.Answering(http.Caller().Site).Find(id);
        var versions = shelf.Every.Versions.Where(model => model.Model.Id == id && (ShelfContent.SiteOf(model) is not { } site || http.Caller().MaySee(site))).ToList();
        return versions.Count > 0
            ? new([.. versions.Select(model => Version(model, model == champion, shelf))], null)
            : throw Problems.NotFound("model-not-found", $"There is no model '{id}'; GET /api/v1/models lists them.");
    }

    private static StandingView Standing(string id, HttpContext http, ModelShelf models)
    {
        var shelf = models.Content;
        var caller = http.Caller();
        bool Seen(string version) => shelf.Every.Find(id, version) is { } model && (ShelfContent.SiteOf(model) is not { } site || caller.MaySee(site));
        if (!shelf.Every.Versions.Any(model => model.Model.Id == id)) { throw Problems.NotFound("model-not-found", $"There is no model '{id}'; GET /api/v1/models lists them."); }
        return new StandingView
        {
            Champion = shelf.Answering(caller.Site).Find(id)?.Model.Version,
            Challenger = shelf.Standing(id)?.Challenger?.ToString(),
            Retired = [.. (shelf.Standing(id)?.Retired ?? []).Where(one => Seen(one.Version)).Select(one => new RetirementView(one.Version, one.At, one.Reason))],
        };
    }

    private static Task<ComparisonView> Compare(string id, HttpContext http, ModelShelf models, IDocumentCollection<CaseDocument> cases, CancellationToken cancellation)
    {
        var challenger = models.Content.Challenger(id) ?? throw Problems.NotFound("no-challenger", $"'{id}' has no challenger; PUT /api/v1/models/{id}/standing names one.");
        var caller = http.Caller();
        var shown = caller.IsOperator ? null : new Dictionary<string, string> { ["site"] = caller.Site };
        return CompareModels.Handle(id, challenger, cases.All(shown, descending: true, cancellation).Take(MostCompared), cancellation);
    }

    private static ModelVersionView Version(CompiledModel model, bool isChampion, ShelfContent shelf)
    {
        var source = model.Model;
        var retired = shelf.Standing(source.Id)?.Retired.FirstOrDefault(one => one.Version == source.Version);
        return new ModelVersionView
        {
            Version = source.Version,
            Sha256 = model.Sha256,
            Role = retired is not null || source.Retired ? "retired" : shelf.IsChallenger(model) ? "challenger" : isChampion ? "champion" : "earlier",
            Site = ShelfContent.SiteOf(model),
            Method = source.Lineage?.Method,
            ParentSha256 = source.Lineage?.ParentSha256,
            Performance = [.. source.Performance.Select(measure => measure.ToString())],
            SignedBy = source.Signature?.KeyId,
            RetiredAt = retired?.At,
            Reason = retired?.Reason,
        };
    }

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
