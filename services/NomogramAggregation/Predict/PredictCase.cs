using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using OpenCase = BoneMet.NomogramAggregation.CreateCase.CreateCase;
using BoneMet.NomogramAggregation.Models;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Predict;

/// <summary>A prediction without a case: model or cancer type, factors, labels → prediction. Nothing is stored.</summary>
internal static class PredictCase
{
    public static RiskModels.Prediction Handle(StatelessPrediction given, string site, ModelShelf models)
    {
        var labels = Labels(given.Labels);
        if (given.Model is { Length: > 0 } id)
        {
            var model = models.Get(id, site);
            var wanted = string.IsNullOrWhiteSpace(given.CancerType) ? null : OpenCase.CancerType(given.CancerType);
            if (wanted is not null && model.Model.CancerType != wanted && model.Model.CancerType != "any")
            {
                throw Problems.BadRequest("model-of-another-cancer-type", $"Model '{id}' is for {model.Model.CancerType}, not for {wanted}.");
            }
            return Predictor.Predict(model, FactorDictionary.WithCase(GivenFactors.Code(given.Factors, model), wanted, OpenCase.Histology(given.Histology)), labels);
        }
        return models.Predict(site, OpenCase.CancerType(given.CancerType), OpenCase.Histology(given.Histology), GivenFactors.Code(given.Factors, null), labels)
            ?? throw Problems.Unprocessable("no-model", $"No model of {given.CancerType} can run on these inputs.");
    }

    private static List<LabelInput> Labels(IReadOnlyList<GivenLabel>? given)
    {
        var labels = new List<LabelInput>();
        foreach (var (index, label) in (given ?? []).Index())
        {
            if (label.Modality is not ("imaging" or "pathology")) { throw Problems.BadRequest("label-modality", $"labels[{index}].modality must be imaging or pathology."); }
            if (label.Logit is not { } logit || !double.IsFinite(logit)) { throw Problems.BadRequest("label-logit", $"labels[{index}].logit must be a finite number."); }
            if (labels.Any(other => other.Modality == label.Modality)) { throw Problems.BadRequest("label-twice", $"labels[{index}]: there is a {label.Modality} label already."); }

            labels.Add(new LabelInput
            {
                Modality = label.Modality,
                Logit = logit,
                EncoderId = label.EncoderId ?? "given",
                EncoderSha256 = label.EncoderSha256 ?? "",
                Trained = label.Trained,
            });
        }
        return labels;
    }
}
