using System.Text.Json;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Models;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>CDS Hooks 2.0: discovery, and one service that answers when a patient's record is opened. The client sends an API key or a signed token of its own as bearer.</summary>
internal static class CdsHooksEndpoints
{
    private const string Id = "bone-metastasis-risk";
    private const string Hook = "patient-view";
    private static readonly string[] Needed = ["patient", "conditions"];

    private static readonly CdsServices Offered = new(
    [
        new CdsService
        {
            Hook = Hook,
            Id = Id,
            Title = "Bone-metastasis risk",
            Description = "The risk of bone metastasis of a patient with a known cancer, from published or site-fitted models. For research use.",
            Prefetch = new Dictionary<string, string>
            {
                ["patient"] = "Patient/{{context.patientId}}",
                ["conditions"] = "Condition?patient={{context.patientId}}",
                ["observations"] = "Observation?patient={{context.patientId}}&_sort=-date&_count=200",
            },
            UsageRequirements = "The FHIR data must be prefetched: this service asks no FHIR server. Research use only.",
        },
    ]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("", () => Offered).WithSummary("CDS Hooks discovery");
        routes.MapPost("/{id}", (string id, CdsRequest body, HttpContext http, ModelShelf models, IOptions<CdsOptions> options, TimeProvider clock) => Answer(id, body, http.Caller().Site, models, options.Value, clock))
            .WithSummary("Answer a hook with at most one card")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        routes.MapPost("/{id}/feedback", Feedback)
            .WithSummary("What became of cards: counted by outcome; comments are not read and nothing is kept")
            .Produces(StatusCodes.Status200OK)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Feedback(string id, CdsFeedback body)
    {
        if (id != Id) { throw Problems.NotFound("cds-service-not-found", $"There is no CDS service '{id}'; GET /cds-services lists them."); }
        if (CdsFeedback.Faults(body) is { Count: > 0 } faults) { throw Problems.BadRequest("feedback", string.Join(" ", faults)).With("errors", faults); }
        CdsMetrics.Told(body.Feedback!);
        return Results.Ok();
    }

    private static CdsResponse Answer(string id, CdsRequest request, string site, ModelShelf models, CdsOptions options, TimeProvider clock)
    {
        if (id != Id) { throw Problems.NotFound("cds-service-not-found", $"There is no CDS service '{id}'; GET /cds-services lists them."); }
        if (request.Hook != Hook) { throw Problems.BadRequest("hook", $"hook must be {Hook}."); }
        if (!Guid.TryParse(request.HookInstance, out _)) { throw Problems.BadRequest("hook-instance", "hookInstance must be a UUID."); }
        if (request.Context is not { ValueKind: JsonValueKind.Object }) { throw Problems.BadRequest("context", "context must be an object."); }

        var prefetch = request.Prefetch ?? new Dictionary<string, JsonElement>();
        if (Needed.FirstOrDefault(key => !prefetch.TryGetValue(key, out var resource) || resource.ValueKind != JsonValueKind.Object) is { } missing)
        {
            throw Problems.PreconditionFailed("prefetch", $"prefetch.{missing} is missing: this service asks no FHIR server.");
        }
        var card = RiskCard.Of(
            prefetch.Values,
            DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime),
            options.WarningFrom,
            (cancer, histology, coded) => models.Predict(site, cancer, histology, coded, []));
        return new CdsResponse(card is null ? [] : [card]);
    }
}
