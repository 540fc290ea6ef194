using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;
using BoneMet.Storage;
using OpenCase = BoneMet.NomogramAggregation.CreateCase.CreateCase;

namespace BoneMet.NomogramAggregation.Screening;

internal static class WorklistEndpoint
{
    private const int Week = 7;
    private const int LongestDays = 366;
    private const int MostScans = 10_000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/worklist", Get)
            .WithSummary("Whom to scan first among the site's cases of the last days (7): from a threshold, from the scans one would do to find one metastasis, or as many as can be done per week; with the expected yield and decision curve")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<WorklistView> Get(
        HttpContext http, IDocumentCollection<CaseDocument> cases, TimeProvider clock, CancellationToken cancellation,
        double? threshold = null, double? scansPerFound = null, int? scansPerWeek = null, string? cancerType = null, int days = Week, string? site = null)
    {
        var caller = http.Caller();
        if (site is not null && !caller.MaySee(site)) { throw Problems.Forbidden("not-your-site", "Only an operator may see another site's cases."); }
        if (days is < 1 or > LongestDays) { throw Problems.BadRequest("days", $"days is 1 to {LongestDays}."); }
        if (new object?[] { threshold, scansPerFound, scansPerWeek }.Count(given => given is not null) != 1) { throw Problems.BadRequest("cut", "Give one of threshold, scansPerFound and scansPerWeek."); }
        if (threshold is not (null or (>= 0 and < 1))) { throw Problems.BadRequest("threshold", "threshold is at least 0 and below 1."); }
        if (scansPerFound is not (null or (> 1 and <= MostScans))) { throw Problems.BadRequest("scans-per-found", $"scansPerFound is above 1 and at most {MostScans}."); }
        if (scansPerWeek is not (null or (>= 0 and <= MostScans))) { throw Problems.BadRequest("scans-per-week", $"scansPerWeek is 0 to {MostScans}."); }

        var type = string.IsNullOrWhiteSpace(cancerType) ? null : OpenCase.CancerType(cancerType);
        var since = clock.GetUtcNow().AddDays(-days);
        var shown = new Dictionary<string, string>();
        if (!caller.IsOperator || site is not null) { shown["site"] = site ?? caller.Site; }

        // Newest first: ids are time-ordered, so that the first older case ends the search.
        var recent = await cases.All(shown, descending: true, cancellation).TakeWhile(document => document.CreatedAt >= since).ToListAsync(cancellation);
        var asked = recent.Where(document => type is null || document.CancerType == type).ToList();
        var cut = threshold ?? (scansPerFound is { } scans ? ExpectedBenefit.ThresholdOf(scans) : null);
        return SiteWorklist.Of(asked, ordered => cut is { } risk ? Worklist.ByThreshold(ordered, risk) : Worklist.ByCapacity(ordered, (int)Math.Round((double)scansPerWeek!.Value * days / Week)));
    }
}
