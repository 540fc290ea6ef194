using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.ReadCase;

namespace BoneMet.NomogramAggregation.CreateCase;

internal static class CreateCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases", async (NewCase body, HttpContext http, CaseStore cases, TimeProvider clock, CancellationToken cancellation) =>
            {
                var created = await CreateCase.Handle(body, $"c{http.NewId(clock)}", http.Caller(), cases, clock, cancellation);
                return Results.Created($"/api/v1/cases/{created.Id}", CaseViews.Full(created));
            })
            .WithIdempotency()
            .WithSummary("Open a case: site, subject pseudonym, cancer type, histology, factors with units")
            .Produces<CaseView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
