using BoneMet.Contracts.Api;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.ReadCase;

namespace BoneMet.NomogramAggregation.ChangeFactors;

internal static class ChangeFactorsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/cases/{id}/factors", async (string id, NewFactors body, HttpContext http, CaseStore cases, TimeProvider clock, CancellationToken cancellation) =>
            {
                await ReadCaseEndpoints.Visible(id, http, cases, cancellation);
                var changed = await ChangeFactors.Handle(id, body, cases, clock, cancellation);
                return Results.Ok(CaseViews.Full(changed));
            })
            .WithSummary("Replace the clinical factors of a case; a new prediction is added, earlier ones stay")
            .Produces<CaseView>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
