using System.Text;
using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Models;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Predict;

internal static class PredictEndpoint
{
    private const long LargestTable = 32L << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/predict", (StatelessPrediction body, HttpContext http, ModelShelf models) => TypedResults.Json(PredictCase.Handle(body, http.Caller().Site, models), PredictionJson.Default.Prediction))
            .WithSummary("Predict without storing anything: a model or a cancer type, factors, labels")
            .Produces<RiskModels.Prediction>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/predict/batch", Batch)
            .WithBodyLimit(LargestTable)
            .WithSummary("Score a CSV of patients with one model: a header of factor names (units in square brackets), a row per patient; CSV comes back, each row with its probability or its problem")
            .Accepts<string>("text/csv")
            .Produces<string>(200, "text/csv")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Batch(string model, HttpContext http, ModelShelf models, CancellationToken cancellation)
    {
        var compiled = models.Get(model, http.Caller().Site);

        // Scored whole before the first byte of the answer, so that a fault of the table is a problem and not half an answer.
        using var body = new StreamReader(http.Request.Body, Encoding.UTF8);
        var table = await body.ReadToEndAsync(cancellation);
        using var scored = new StringWriter();
        try { BatchScorer.Score(compiled, new StringReader(table), scored, cancellation: cancellation); }
        catch (InvalidDataException fault) { throw Problems.BadRequest("table", fault.Message); }
        return Results.Text(scored.ToString(), "text/csv", Encoding.UTF8);
    }
}
