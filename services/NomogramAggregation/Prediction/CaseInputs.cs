using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Prediction;

/// <summary>The inputs of a prediction between the case's form and the models'.</summary>
internal static class CaseInputs
{
    public static IReadOnlyList<CodedFactor> Coded(IEnumerable<CodedFactorValue> values) => [.. values.Select(value => new CodedFactor
    {
        Name = value.Name,
        Number = value.Number,
        Level = value.Level,
        Unit = value.Unit,
        ConvertedFrom = value.ConvertedFrom,
        DerivedFrom = value.DerivedFrom,
        Implausible = value.Implausible,
    })];

    public static LabelInput Label(string modality, ImageLabelValue label) => new()
    {
        Modality = modality,
        Logit = label.Logit,
        StandardError = label.StandardError,
        EncoderId = label.EncoderId,
        EncoderVersion = label.EncoderVersion,
        EncoderSha256 = label.EncoderSha256,
        Trained = label.Trained,
        Synthetic = label.Synthetic,
        Provider = label.Provider,
        Withheld = label.Withheld,
    };

    /// <summary>The inputs with the models among which the choice is made.</summary>
    public static PredictionBasis Basis(CaseDocument document, IReadOnlyList<CodedFactorValue> coded, IReadOnlyList<LabelInput> labels, ModelLibrary answering) => new()
    {
        CancerType = document.CancerType,
        Histology = document.Histology,
        Coded = coded,
        Labels = labels,
        Models = [.. answering.All.Where(model => model.Model.CancerType == document.CancerType || model.Model.CancerType == "any").Select(model => model.Sha256)],
    };

    /// <summary>The answer of the most specific of these models; null when none can run.</summary>
    public static RiskModels.Prediction? Predict(this PredictionBasis basis, ModelLibrary models) =>
        ModelGroup.Predict(models, basis.CancerType, basis.Histology, ModelOutcome.SynchronousBoneMetastasis, Coded(basis.Coded), basis.Labels);

    /// <summary>The answer of one model.</summary>
    public static RiskModels.Prediction Predict(this PredictionBasis basis, CompiledModel model) =>
        Predictor.Predict(model, FactorDictionary.WithCase(Coded(basis.Coded), basis.CancerType, basis.Histology), basis.Labels);
}
