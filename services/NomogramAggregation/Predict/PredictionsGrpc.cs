using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.V1;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Models;
using BoneMet.RiskModels;
using Grpc.Core;

namespace BoneMet.NomogramAggregation.Predict;

/// <summary>Stateless prediction and the model library, for other services.</summary>
internal sealed class PredictionsGrpc(ModelShelf models) : Predictions.PredictionsBase
{
    /// <summary>Services ask on no site's behalf: a version that was recalibrated for one site does not answer them.</summary>
    private const string NoSite = "";

    public override Task<PredictReply> Predict(PredictRequest request, ServerCallContext context)
    {
        RiskModels.Prediction prediction;
        try { prediction = PredictCase.Handle(Given(request), NoSite, models); }
        catch (ProblemException problem)
        {
            var status = problem.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status410Gone ? StatusCode.NotFound : problem.StatusCode == StatusCodes.Status422UnprocessableEntity ? StatusCode.FailedPrecondition : StatusCode.InvalidArgument;
            throw new RpcException(new Status(status, problem.Message));
        }
        return Task.FromResult(new PredictReply
        {
            ModelId = prediction.ModelId,
            ModelVersion = prediction.ModelVersion,
            Probability = prediction.Probability ?? double.NaN,
            IntervalLow = prediction.Interval.Low ?? double.NaN,
            IntervalHigh = prediction.Interval.High ?? double.NaN,
            IntervalKind = prediction.Interval.Kind,
            PredictionJson = prediction.ToJson(),
        });
    }

    public override Task<ListModelsReply> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var reply = new ListModelsReply();
        reply.Models.AddRange(models.Content.Answering(NoSite).All
            .Where(model => request.CancerType.Length == 0 || model.Model.CancerType == request.CancerType)
            .Select(model => new ModelSummary { Id = model.Model.Id, Version = model.Model.Version, Title = model.Model.Title.En, CancerType = model.Model.CancerType, Sha256 = model.Sha256 }));
        return Task.FromResult(reply);
    }

    public override Task<GetModelReply> GetModel(GetModelRequest request, ServerCallContext context) =>
        models.Content.Answering(NoSite).Find(request.Id) is { } model
            ? Task.FromResult(new GetModelReply { Json = ModelFile.Save(model.Model) })
            : throw new RpcException(new Status(StatusCode.NotFound, $"There is no model '{request.Id}'."));

    private static StatelessPrediction Given(PredictRequest request) => new()
    {
        Model = request.ModelId,
        CancerType = request.CancerType,
        Histology = request.Histology,
        Factors =
        [
            .. request.Factors.Select(factor => new NewFactor
            {
                Name = factor.Name,
                Value = factor.ValueCase == Factor.ValueOneofCase.Number ? JsonSerializer.SerializeToElement(factor.Number) : JsonSerializer.SerializeToElement(factor.Level),
                Unit = factor.Unit.Length > 0 ? factor.Unit : null,
            }),
        ],
        Labels =
        [
            .. request.Labels.Select(label => new GivenLabel
            {
                Modality = label.Modality,
                Logit = label.Logit,
                EncoderId = label.EncoderId,
                EncoderSha256 = label.EncoderSha256,
                Trained = label.Trained,
            }),
        ],
    };
}
