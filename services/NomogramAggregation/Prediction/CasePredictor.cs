using System.Globalization;
using System.Text.Json;
using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Prediction;

/// <summary>Adds to a case the prediction that its ready strands allow, once for each set of ready material.</summary>
internal sealed class CasePredictor(ModelShelf models, TimeProvider clock)
{
    public CaseDocument AddPrediction(CaseDocument document, DateTimeOffset now)
    {
        var inputs = Inputs(document);
        if (inputs.Count == 0) { return document; }

        var coded = inputs.ContainsKey(Strand.Clinical) ? document.Coded.Select(Coded).ToList() : [];
        var labels = Labels(document, inputs);
        var prediction = models.Predict(document.CancerType, document.Histology, coded, labels);
        if (prediction is null) { return document; }

        var id = Id(document, inputs, labels, prediction);
        if (document.Predictions.Any(earlier => earlier.Id == id)) { return document; }

        var added = new CasePrediction
        {
            Id = id,
            At = now,
            Inputs = inputs,
            ModelId = prediction.ModelId,
            ModelVersion = prediction.ModelVersion,
            Probability = prediction.Probability,
            Provider = labels.Count == 0 ? "none" : string.Join(", ", labels.Select(label => label.Provider ?? "unknown").Distinct().Order(StringComparer.Ordinal)),
            Result = JsonSerializer.SerializeToElement(prediction, PredictionJson.Default.Prediction),
        };
        var told = new PredictionAdded
        {
            CaseId = document.Id,
            PredictionId = id,
            ModelId = added.ModelId,
            ModelVersion = added.ModelVersion,
            Probability = prediction.Probability ?? double.NaN,
            At = now,
        };
        var outbox = prediction.Probability is null ? document.Outbox : [.. document.Outbox, Outgoing.Message(told, clock)];
        return (document with { Predictions = [.. document.Predictions, added], Outbox = outbox })
            .Tell(now, "prediction-added", null, Text(added), System.Diagnostics.Activity.Current?.TraceId.ToHexString());
    }

    /// <summary>The ready strands and the key of each one's material, in the order of their names.</summary>
    private static SortedDictionary<string, string> Inputs(CaseDocument document)
    {
        var inputs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var strand in Strand.All)
        {
            if (document.Strand(strand) is { Status: StrandStatus.Ready, InputHash: { } hash }) { inputs[strand] = hash; }
        }
        return inputs;
    }

    private static List<LabelInput> Labels(CaseDocument document, IReadOnlyDictionary<string, string> inputs)
    {
        var labels = new List<LabelInput>(2);
        if (inputs.ContainsKey(Strand.Imaging) && document.ImagingLabel is { } imaging) { labels.Add(Label(Strand.Imaging, imaging.Label)); }
        if (inputs.ContainsKey(Strand.Pathology) && document.PathologyLabel is { } pathology) { labels.Add(Label(Strand.Pathology, pathology.Label)); }
        return labels;
    }

    private static string Id(CaseDocument document, SortedDictionary<string, string> inputs, List<LabelInput> labels, RiskModels.Prediction prediction)
    {
        string[] parts =
        [
            document.Id,
            .. inputs.Select(input => $"{input.Key}={input.Value}"),
            .. labels.Select(label => $"{label.Modality}:{label.EncoderSha256}:{label.Logit:R}"),
            prediction.ModelSha256,
        ];
        return $"p{InputHash.Of(parts)[..24]}";
    }

    private static CodedFactor Coded(CodedFactorValue value) => new()
    {
        Name = value.Name,
        Number = value.Number,
        Level = value.Level,
        Unit = value.Unit,
        ConvertedFrom = value.ConvertedFrom,
        DerivedFrom = value.DerivedFrom,
        Implausible = value.Implausible,
    };

    private static LabelInput Label(string modality, ImageLabelValue label) => new()
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

    private static string Text(CasePrediction added)
    {
        var risk = added.Probability is { } p ? $"{(100 * p).ToString("0.0", CultureInfo.InvariantCulture)} %" : "no probability";
        return $"Prediction added: {risk}, model {added.ModelId} {added.ModelVersion}, from {string.Join(", ", added.Inputs.Keys)}.";
    }
}
