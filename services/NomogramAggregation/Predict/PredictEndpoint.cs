using BoneMet.Contracts.Api;
using BoneMet.NomogramAggregation.Models;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Predict;

internal static class PredictEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/predict", (StatelessPrediction body, ModelShelf models) => TypedResults.Json(PredictCase.Handle(body, models), PredictionJson.Default.Prediction))
            .WithSummary("Predict without storing anything: a model or a cancer type, factors, labels")
            .Produces<RiskModels.Prediction>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}
