using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.NomogramAggregation.Screening;
using BoneMet.RiskModels;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Prediction;

/// <summary>Adds to a case the prediction that its ready strands allow, once for each set of ready material.</summary>
internal sealed class CasePredictor(ModelShelf models, RiskWatches watches, TimeProvider clock)
{
    public CaseDocument AddPrediction(CaseDocument document, DateTimeOffset now)
    {
        var inputs = Inputs(document);
        if (inputs.Count == 0) { return document; }

        var labels = Labels(document, inputs);
        var shelf = models.Content;
        var answering = shelf.Answering(document.Site);
        var basis = CaseInputs.Basis(document, inputs.ContainsKey(Strand.Clinical) ? document.Coded : [], labels, answering);
        var prediction = basis.Predict(answering);
        if (prediction is null) { return document; }

        var id = Id(document, inputs, labels, prediction);
        if (document.Predictions.Any(earlier => earlier.Id == id)) { return document; }

        var result = Json(prediction);
        var added = new CasePrediction
        {
            Id = id,
            At = now,
            Inputs = inputs,
            ModelId = prediction.ModelId,
            ModelVersion = prediction.ModelVersion,
            Probability = prediction.Probability,
            Provider = labels.Count == 0 ? "none" : string.Join(", ", labels.Select(label => label.Provider ?? "unknown").Distinct().Order(StringComparer.Ordinal)),
            Result = result,
            Sha256 = Digest(result),
            Basis = basis,
            Challenger = shelf.Challenger(prediction.ModelId) is { } challenger ? Answer(basis.Predict(challenger)) : null,
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
        var crossings = Crossing.Find(document, added, prediction, watches.For(document.Site, document.CancerType), now);
        var predicted = (document with
        {
            Predictions = [.. document.Predictions, added],
            Crossings = [.. document.Crossings, .. crossings],
            Outbox = [.. document.Outbox, .. prediction.Probability is null ? [] : (OutboxMessage[])[Outgoing.Message(told, clock)], .. crossings.Select(crossing => Outgoing.Message(crossing.Event(document.Id), clock))],
        }).Tell(now, "prediction-added", null, Text(added), Trace());
        return crossings.Aggregate(predicted, (current, crossing) => current.Tell(now, "threshold-crossed", null, crossing.Text, Trace()));
    }

    private static string? Trace() => System.Diagnostics.Activity.Current?.TraceId.ToHexString();

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
        if (inputs.ContainsKey(Strand.Imaging) && document.ImagingLabel is { } imaging) { labels.Add(CaseInputs.Label(Strand.Imaging, imaging.Label)); }
        if (inputs.ContainsKey(Strand.Pathology) && document.PathologyLabel is { } pathology) { labels.Add(CaseInputs.Label(Strand.Pathology, pathology.Label)); }
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

    public static JsonElement Json(RiskModels.Prediction prediction) => JsonSerializer.SerializeToElement(prediction, PredictionJson.Default.Prediction);

    /// <summary>SHA-256 of a prediction as it is stored and sent.</summary>
    public static string Digest(JsonElement result) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(result)));

    private static ChallengerAnswer Answer(RiskModels.Prediction prediction) => new()
    {
        ModelId = prediction.ModelId,
        ModelVersion = prediction.ModelVersion,
        Probability = prediction.Probability,
        Result = Json(prediction),
    };

    private static string Text(CasePrediction added)
    {
        var risk = added.Probability is { } p ? $"{(100 * p).ToString("0.0", CultureInfo.InvariantCulture)} %" : "no probability";
        return $"Prediction added: {risk}, model {added.ModelId} {added.ModelVersion}, from {string.Join(", ", added.Inputs.Keys)}.";
    }
}
