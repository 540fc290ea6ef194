using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.Storage;
using OpenCase = BoneMet.NomogramAggregation.CreateCase.CreateCase;

namespace BoneMet.NomogramAggregation.Screening;

internal static class WatchEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/watches", Create)
            .WithSummary("Watch a risk threshold; with a url, a signed webhook (Standard Webhooks) tells of every crossing. The secret is shown this once")
            .Produces<WatchView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/watches", async (HttpContext http, IDocumentCollection<RiskWatch> watches, CancellationToken cancellation) =>
                new PageView<WatchView>([.. (await watches.All(cancellation: cancellation).ToListAsync(cancellation)).Where(watch => http.Caller().MaySee(watch.Site)).Select(watch => View(watch))], null))
            .WithSummary("The watches of the caller's site");
        routes.MapDelete("/watches/{id}", Remove)
            .WithSummary("Remove a watch; its waiting messages are dropped")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/watches/{id}/deliveries", async (string id, HttpContext http, IDocumentCollection<RiskWatch> watches, IDocumentCollection<WebhookDelivery> deliveries, CancellationToken cancellation) =>
            {
                await Visible(id, http, watches, cancellation);
                return new PageView<DeliveryView>([.. (await Of(id, deliveries, cancellation)).Select(View)], null);
            })
            .WithSummary("The webhook messages of a watch and what became of them")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/watches/{id}/deliveries/{delivery}/redelivery", Redeliver)
            .WithSummary("Send a webhook message again, under the same id")
            .Produces<DeliveryView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Create(
        NewWatch given, HttpContext http, IDocumentCollection<RiskWatch> watches, RiskWatches all, Destinations destinations, WebhookSecrets secrets, TimeProvider clock, CancellationToken cancellation)
    {
        var caller = http.Caller();
        var site = given.Site ?? caller.Site;
        if (!caller.MaySee(site)) { throw Problems.Forbidden("not-your-site", "Only an operator may watch another site's cases."); }
        if (given.Threshold is not (> 0 and < 1)) { throw Problems.BadRequest("threshold", "threshold must lie between 0 and 1."); }
        if (given.Url is { } url && destinations.Refusal(url) is { } refusal) { throw Problems.BadRequest("url", refusal); }
        var id = $"w{Guid.CreateVersion7(clock.GetUtcNow()):n}";
        var secret = given.Url is null ? null : WebhookSignature.NewSecret();
        var made = await watches.TrySave(
            new RiskWatch
            {
                Id = id,
                Site = site,
                CancerType = string.IsNullOrWhiteSpace(given.CancerType) ? null : OpenCase.CancerType(given.CancerType),
                Threshold = given.Threshold.Value,
                Url = given.Url,
                Secret = secret is null ? null : secrets.Seal(id, secret),
                CreatedAt = clock.GetUtcNow(),
            },
            cancellation) ?? throw Problems.Conflict("watch-exists", "Another watch has this id; try again.");
        await all.Read(cancellation);
        return Results.Created($"/api/v1/watches/{made.Id}", View(made) with { Secret = secret });
    }

    private static async Task<IResult> Remove(string id, HttpContext http, IDocumentCollection<RiskWatch> watches, RiskWatches all, CancellationToken cancellation)
    {
        var watch = await Visible(id, http, watches, cancellation);
        await watches.Delete(watch.Id, watch.Version, cancellation);
        await all.Read(cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> Redeliver(
        string id, string delivery, HttpContext http, IDocumentCollection<RiskWatch> watches, IDocumentCollection<WebhookDelivery> deliveries, WebhookSender sender, TimeProvider clock, CancellationToken cancellation)
    {
        await Visible(id, http, watches, cancellation);
        while (true)
        {
            var found = await deliveries.Find(delivery, cancellation);
            if (found is null || found.WatchId != id) { throw Problems.NotFound("delivery-not-found", "This watch has no such message."); }

            var now = clock.GetUtcNow();
            if (await deliveries.TrySave(found with { State = WebhookDelivery.Pending, NextAt = now, CreatedAt = now, Attempts = 0, EndedAt = null }, cancellation) is not { } saved) { continue; }

            sender.Wake();
            return Results.Ok(View(saved));
        }
    }

    private static async Task<RiskWatch> Visible(string id, HttpContext http, IDocumentCollection<RiskWatch> watches, CancellationToken cancellation) =>
        await watches.Find(id, cancellation) is { } watch && http.Caller().MaySee(watch.Site) ? watch : throw Problems.NotFound("watch-not-found", "There is no watch of this id that you may see.");

    private static ValueTask<List<WebhookDelivery>> Of(string watch, IDocumentCollection<WebhookDelivery> deliveries, CancellationToken cancellation) =>
        deliveries.All(new Dictionary<string, string> { ["watch"] = watch }, cancellation: cancellation).ToListAsync(cancellation);

    private static WatchView View(RiskWatch watch) => new()
    {
        Id = watch.Id,
        Site = watch.Site,
        CancerType = watch.CancerType,
        Threshold = watch.Threshold,
        Url = watch.Url,
        CreatedAt = watch.CreatedAt,
    };

    private static DeliveryView View(WebhookDelivery delivery) => new()
    {
        Id = delivery.Id,
        CaseId = delivery.CaseId,
        State = delivery.State,
        Attempts = delivery.Attempts,
        LastResult = delivery.LastResult,
        CreatedAt = delivery.CreatedAt,
        NextAt = delivery.State == WebhookDelivery.Pending ? delivery.NextAt : null,
        EndedAt = delivery.EndedAt,
    };
}
