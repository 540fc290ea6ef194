using BoneMet.Contracts.V1;
using BoneMet.RiskModels;
using Grpc.Core;

namespace BoneMet.ClinicalScoring.ScoreFactors;

/// <summary>Codes clinical factors for a model and counts their points, for other services.</summary>
internal sealed class ScoringGrpc : Contracts.V1.ClinicalScoring.ClinicalScoringBase
{
    public override Task<ScoreReply> Score(ScoreRequest request, ServerCallContext context)
    {
        var reply = new ScoreReply();
        var coding = FactorDictionary.Code(request.Factors.Select(Submitted));
        reply.Problems.AddRange(coding.Problems.Select(problem => new Contracts.V1.FactorProblem { Name = problem.Name, Reason = problem.Reason }));
        var prediction = Predict(request, coding.Coded);
        if (prediction is null) { throw new RpcException(new Status(StatusCode.NotFound, request.ModelId.Length > 0 ? $"There is no model '{request.ModelId}'." : $"There is no model for '{request.CancerType}'.")); }

        reply.ModelId = prediction.ModelId;
        reply.ModelVersion = prediction.ModelVersion;
        reply.Missing.AddRange(prediction.Missing);
        foreach (var factor in coding.Coded) { reply.Coded.Add(Coded(factor, prediction)); }
        return Task.FromResult(reply);
    }

    private static Prediction? Predict(ScoreRequest request, IReadOnlyList<RiskModels.CodedFactor> coded)
    {
        if (request.ModelId.Length > 0)
        {
            return ModelLibrary.BuiltIn.Find(request.ModelId) is { } model ? Predictor.Predict(model, coded) : null;
        }
        return ModelGroup.Predict(ModelLibrary.BuiltIn, request.CancerType, request.Histology.Length > 0 ? request.Histology : null, null, coded);
    }

    private static SubmittedFactor Submitted(Factor factor) => new(
        factor.Name,
        factor.ValueCase == Factor.ValueOneofCase.Number ? factor.Number : null,
        factor.ValueCase == Factor.ValueOneofCase.Level ? factor.Level : null,
        factor.Unit.Length > 0 ? factor.Unit : null);

    private static Contracts.V1.CodedFactor Coded(RiskModels.CodedFactor factor, Prediction prediction)
    {
        var coded = new Contracts.V1.CodedFactor
        {
            Name = factor.Name,
            Unit = factor.Unit ?? "",
            ConvertedFrom = factor.ConvertedFrom ?? "",
            OutOfRange = prediction.OutOfRange.Contains(factor.Name),
        };
        if (factor.Number is { } number) { coded.Number = number; }
        else { coded.Level = factor.Level ?? ""; }
        if (prediction.Points.FirstOrDefault(point => point.Factor == factor.Name) is { } row)
        {
            coded.Points = row.Points;
            coded.LogOdds = row.LogOdds;
        }
        return coded;
    }
}
