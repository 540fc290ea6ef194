using System.Runtime.CompilerServices;
using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.ReadCase;

internal static class ReadCaseEndpoints
{
    /// <summary>Changes by another process are seen after this time at the latest.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cases", List).WithSummary("Cases of the caller's site, newest first, by state, cancer type or subject; an operator sees all sites").Produces<Page<CaseSummary>>();
        routes.MapGet("/cases/{id}", Get).WithSummary("A case: strands, all predictions, timeline").Produces<CaseView>();
        routes.MapGet("/cases/{id}/prediction", Prediction).WithSummary("The newest prediction of a case").Produces<JsonElement>();
        routes.MapGet("/cases/{id}/events", Events).WithSummary("The case's timeline as server-sent events; resumes after Last-Event-ID").Produces<string>(200, "text/event-stream");
        routes.MapGet("/cases/{id}/pictures/{strand}/{name}", Picture).WithSummary("A picture that explains an image label").Produces<byte[]>(200, "image/png");
    }

    /// <summary>The case when the caller may see it; 404 otherwise, whether it exists or not.</summary>
    public static async Task<CaseDocument> Visible(string id, HttpContext http, CaseStore cases, CancellationToken cancellation)
    {
        var found = await cases.Find(id, cancellation);
        return found is not null && http.Caller().MaySee(found.Site)
            ? found
            : throw Problems.NotFound("case-not-found", "There is no case of this id that you may see.");
    }

    private static async Task<Page<CaseSummary>> List([AsParameters] PageRequest page, [AsParameters] CaseFilter filter, HttpContext http, CaseStore cases, CancellationToken cancellation) =>
        Page.Of(await cases.Page(filter.For(http.Caller()), page.After(), page.Size(), filter.NewestFirst, cancellation), CaseViews.Summary);

    private static async Task<IResult> Get(string id, HttpContext http, CaseStore cases, CancellationToken cancellation)
    {
        var document = await Visible(id, http, cases, cancellation);
        http.Response.Headers.ETag = $"\"{document.Version}\"";
        return Results.Ok(CaseViews.Full(document));
    }

    private static async Task<IResult> Prediction(string id, HttpContext http, CaseStore cases, CancellationToken cancellation)
    {
        var document = await Visible(id, http, cases, cancellation);
        return document.Predictions.Count > 0
            ? Results.Ok(CaseViews.Prediction(document.Predictions[^1]))
            : throw Problems.NotFound("no-prediction", "This case has no prediction yet: none of its strands is ready.");
    }

    private static async Task<IResult> Events(string id, HttpContext http, CaseStore cases, CaseSignals signals, CancellationToken cancellation)
    {
        await Visible(id, http, cases, cancellation);
        var last = ServerSentEvents.LastEventId(http);
        var after = 0;
        if (last is not null && !int.TryParse(last, out after)) { throw Problems.BadRequest("last-event-id", "Last-Event-ID must be an id of this stream."); }

        return new ServerSentEvents(ending => Follow(id, after, cases, signals, ending));
    }

    private static async IAsyncEnumerable<ServerSentEvent> Follow(string id, int after, CaseStore cases, CaseSignals signals, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var change = signals.Wait(id, LookAgain, cancellation);
            if (await cases.Find(id, cancellation) is not { } document) { yield break; }

            foreach (var entry in document.Timeline.Where(entry => entry.Sequence > after))
            {
                after = entry.Sequence;
                yield return new ServerSentEvent($"{entry.Sequence}", entry.Kind, CaseViews.Entry(entry));
            }
            await change;
        }
    }

    private static async Task<IResult> Picture(string id, string strand, string name, HttpContext http, CaseStore cases, IBlobStore blobs, CancellationToken cancellation)
    {
        var document = await Visible(id, http, cases, cancellation);
        var label = strand switch
        {
            Contracts.Events.Strand.Imaging => document.ImagingLabel,
            Contracts.Events.Strand.Pathology => document.PathologyLabel,
            _ => null,
        };
        return label is not null && label.Pictures.TryGetValue(name, out var blob) && await blobs.Open(blob, cancellation) is { } content
            ? Results.Stream(content, "image/png", enableRangeProcessing: true)
            : throw Problems.NotFound("picture-not-found", $"The {strand} label of this case has no such picture.");
    }
}
