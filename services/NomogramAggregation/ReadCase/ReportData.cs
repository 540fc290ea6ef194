using System.Text.Json;
using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.ReadCase;

/// <summary>What the report of a case is made of.</summary>
internal static class ReportData
{
    public static CaseReportData Of(CaseDocument document, ModelShelf models, DateTimeOffset now)
    {
        var prediction = document.Predictions.Count > 0 ? document.Predictions[^1].Result.Deserialize(PredictionJson.Default.Prediction) : null;
        return new CaseReportData
        {
            CaseId = document.Id,
            Site = document.Site,
            CancerType = document.CancerType,
            Histology = document.Histology,
            CreatedAt = document.CreatedAt,
            WrittenAt = now,
            Prediction = prediction,
            Model = prediction is null ? null : models.OfPrediction(prediction),
            Strands = [.. Strand.All.Select(strand => State(document, strand))],
            Timeline = [.. document.Timeline.Select(entry => new ReportEvent(entry.At, entry.Text))],
            Challenger = document.Predictions.Count > 0 ? document.Predictions[^1].Challenger?.Result.Deserialize(PredictionJson.Default.Prediction) : null,
            Earlier = [.. document.Predictions.SkipLast(1).Select(earlier => new ReportEarlier(earlier.At, earlier.ModelId, earlier.ModelVersion, earlier.Probability, $"from {string.Join(", ", earlier.Inputs.Keys)}"))],
            Synthetic = document.IsSynthetic,
            Notes = [.. Notes(document)],
            TraceId = document.TraceId,
        };
    }

    private static ReportStrand State(CaseDocument document, string strand)
    {
        var state = document.Strand(strand);
        return new ReportStrand(strand, state.Status.ToString().ToLowerInvariant(), state.Status == StrandStatus.Failed ? state.Reason : null);
    }

    private static IEnumerable<string> Notes(CaseDocument document)
    {
        foreach (var strand in Strand.All)
        {
            foreach (var note in document.Strand(strand).Notes) { yield return $"{strand}: {note}"; }
        }
        if (CaseViews.Fused(document) is { } fused)
        {
            yield return FormattableString.Invariant(
                $"Fused label {fused.Label.Logit:+0.00;-0.00} (logit; {fused.Label.EncoderId}{(fused.Label.Synthetic ? ", trained on synthetic data" : "")}); without imaging {fused.WithoutImaging:+0.00;-0.00}, without pathology {fused.WithoutPathology:+0.00;-0.00}. Shown; it enters no model.");
        }
        if (document.Predictions.Count > 0) { yield return $"Image labels computed by: {document.Predictions[^1].Provider}."; }
    }
}
