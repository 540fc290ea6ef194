using BoneMet.Contracts.Api;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.NomogramAggregation.ReadCase;

namespace BoneMet.NomogramAggregation.RecomputeCase;

internal static class RecomputeCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/cases/{id}/recomputation", async (string id, HttpContext http, CaseStore cases, ModelShelf models, CancellationToken cancellation) =>
                RecomputeCase.Handle(await ReadCaseEndpoints.Visible(id, http, cases, cancellation), models.Content))
            .WithSummary("Every prediction of a case computed again from its stored inputs, compared byte for byte; changes nothing")
            .ProducesProblem(StatusCodes.Status404NotFound);
}
