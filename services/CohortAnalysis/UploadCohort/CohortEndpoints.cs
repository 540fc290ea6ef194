using BoneMet.CohortAnalysis.Cohorts;
using BoneMet.Hosting;
using BoneMet.Statistics.Tables;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.CohortAnalysis.UploadCohort;

internal static class CohortEndpoints
{
    private const int MaximumName = 200;
    private const int MaximumPage = 500;

    public static void MapCohorts(this IEndpointRouteBuilder app)
    {
        var cohorts = app.MapGroup("/api/v1/cohorts").WithTags("Cohorts").RequireCaller();
        cohorts.MapPost("", Post).WithName("AddCohort").WithSummary("Uploads a cohort: the body is the CSV or TSV file").WithoutBodyLimit()
            .Produces<CohortView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        cohorts.MapGet("", List).WithName("ListCohorts").WithSummary("Cohorts that the caller may see");
        cohorts.MapGet("/{cohortId}", Get).WithName("GetCohort").WithSummary("One cohort and its columns").Produces<CohortView>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Post(
        HttpContext context, IBlobStore blobs, IDocumentCollection<CohortDocument> cohorts, IOptions<CohortOptions> options, TimeProvider clock, CancellationToken cancellation, string? name = null)
    {
        if (name is { Length: > MaximumName }) { throw Problems.BadRequest("name-too-long", $"A cohort's name has at most {MaximumName} characters."); }
        try
        {
            var cohort = await UploadCohort.Handle(context.Request.Body, (long)options.Value.MaxUploadMiB << 20, name ?? "cohort", context.Caller().Site, blobs, cohorts, clock, cancellation);
            return Results.Created($"/api/v1/cohorts/{cohort.Id}", CohortView.Of(cohort));
        }
        catch (TableException refusal) { throw Problems.Unprocessable("not-a-table", refusal.Message); }
    }

    private static async Task<IResult> List(HttpContext context, IDocumentCollection<CohortDocument> cohorts, CancellationToken cancellation, string? after = null, int limit = 100)
    {
        if (limit is < 1 or > MaximumPage) { throw Problems.BadRequest("bad-limit", $"limit is between 1 and {MaximumPage}."); }
        var caller = context.Caller();
        var page = await cohorts.Query(caller.IsOperator ? null : new Dictionary<string, string> { ["site"] = caller.Site }, after, limit, cancellation: cancellation);
        return Results.Ok(new { items = page.Items.Select(CohortView.Of), next = page.Next });
    }

    private static async Task<IResult> Get(string cohortId, HttpContext context, CohortGate gate, CancellationToken cancellation) =>
        Results.Ok(CohortView.Of(await gate.Cohort(cohortId, context.Caller(), cancellation)));
}
