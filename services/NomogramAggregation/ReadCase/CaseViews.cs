using System.Text.Json;
using System.Text.Json.Nodes;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.ReadCase;

/// <summary>The case as the API shows it.</summary>
internal static class CaseViews
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static CaseView Full(CaseDocument document) => new()
    {
        Id = document.Id,
        Version = document.Version,
        Site = document.Site,
        Subject = document.Subject,
        CancerType = document.CancerType,
        Histology = document.Histology,
        CreatedAt = document.CreatedAt,
        UpdatedAt = document.UpdatedAt,
        TraceId = document.TraceId,
        Settled = document.IsSettled,
        Factors = [.. document.Factors.Select(Factor)],
        Strands = Strand.All.ToDictionary(strand => strand, strand => View(document, strand)),
        FusedLabel = Fused(document),
        Predictions = [.. document.Predictions.Select(Prediction)],
        Timeline = [.. document.Timeline.Select(Entry)],
    };

    public static CaseSummary Summary(CaseDocument document) => new()
    {
        Id = document.Id,
        Site = document.Site,
        Subject = document.Subject,
        CancerType = document.CancerType,
        Histology = document.Histology,
        CreatedAt = document.CreatedAt,
        UpdatedAt = document.UpdatedAt,
        Settled = document.IsSettled,
        Strands = Strand.All.ToDictionary(strand => strand, strand => Text(document.Strand(strand).Status)),
        Probability = document.Predictions.Count > 0 ? document.Predictions[^1].Probability : null,
        ModelId = document.Predictions.Count > 0 ? document.Predictions[^1].ModelId : null,
        ModelVersion = document.Predictions.Count > 0 ? document.Predictions[^1].ModelVersion : null,
    };

    public static TimelineView Entry(TimelineEntry entry) => new(entry.Sequence, entry.At, entry.Kind, entry.Strand, entry.Text, entry.TraceId, Words(entry.Text));

    /// <summary>The prediction with its id, time, inputs and provider beside what the model said.</summary>
    public static JsonElement Prediction(CasePrediction prediction)
    {
        var result = JsonObject.Create(prediction.Result)!;
        result["predictionId"] = prediction.Id;
        result["at"] = JsonSerializer.SerializeToNode(prediction.At, Options);
        result["provider"] = prediction.Provider;
        result["strands"] = JsonSerializer.SerializeToNode(prediction.Inputs, Options);
        if (prediction.Challenger is { } challenger) { result["challenger"] = JsonSerializer.SerializeToNode(challenger.Result, Options); }
        return JsonSerializer.SerializeToElement(result);
    }

    private static StrandView View(CaseDocument document, string strand)
    {
        var state = document.Strand(strand);
        var label = strand switch
        {
            Strand.Imaging => document.ImagingLabel,
            Strand.Pathology => document.PathologyLabel,
            _ => null,
        };
        return new StrandView
        {
            Status = Text(state.Status),
            Since = state.Since,
            InputHash = state.InputHash,
            Code = state.Status == StrandStatus.Failed ? state.Code : null,
            Reason = state.Status == StrandStatus.Failed ? state.Reason : null,
            ReasonWords = state is { Status: StrandStatus.Failed, Reason: { } reason } ? Words(reason) : null,
            Notes = state.Notes.Count > 0 ? state.Notes : null,
            NoteWords = state.Notes.Count > 0 ? [.. state.Notes.Select(note => Words(note) ?? new WordsView(note, null, null))] : null,
            Label = label is null || state.Status != StrandStatus.Ready ? null : Label(document.Id, strand, label),
        };
    }

    /// <summary>Only while both strands stand on the material that was fused.</summary>
    public static FusedLabelView? Fused(CaseDocument document) =>
        document.FusedLabel is { } fused && document.Imaging.InputHash == fused.ImagingHash && document.Pathology.InputHash == fused.PathologyHash
            ? new()
            {
                Label = Label(document.Id, "fused", new CaseLabel { InputHash = "", Label = fused.Label }),
                WithoutImaging = fused.WithoutImaging,
                WithoutPathology = fused.WithoutPathology,
                ImagingGate = fused.ImagingGate,
                PathologyGate = fused.PathologyGate,
            }
            : null;

    private static LabelView Label(string caseId, string strand, CaseLabel label) => new()
    {
        Logit = label.Label.Logit,
        StandardError = label.Label.StandardError,
        EncoderId = label.Label.EncoderId,
        EncoderVersion = label.Label.EncoderVersion,
        EncoderSha256 = label.Label.EncoderSha256,
        Trained = label.Label.Trained,
        Synthetic = label.Label.Synthetic,
        Provider = label.Label.Provider,
        Items = label.Label.Items,
        Withheld = label.Label.Withheld,
        Features = label.Features.Count > 0 ? label.Features : null,
        Pictures = label.Pictures.Count > 0 ? label.Pictures.Keys.Order(StringComparer.Ordinal).ToDictionary(name => name, name => $"/api/v1/cases/{caseId}/pictures/{strand}/{Uri.EscapeDataString(name)}") : null,
    };

    private static NewFactor Factor(FactorValue factor) => new()
    {
        Name = factor.Name,
        Value = factor.Number is { } number ? JsonSerializer.SerializeToElement(number) : JsonSerializer.SerializeToElement(factor.Level),
        Unit = factor.Unit,
    };

    private static WordsView? Words(string sentence) => Sentences.Find(sentence) is { } words ? new(words.En, words.Zh, words.Ru) : null;

    private static string Text(StrandStatus status) => status switch
    {
        StrandStatus.Absent => "absent",
        StrandStatus.Awaited => "awaited",
        StrandStatus.Working => "working",
        StrandStatus.Ready => "ready",
        _ => "failed",
    };
}
