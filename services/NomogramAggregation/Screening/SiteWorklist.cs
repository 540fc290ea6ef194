using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>A worklist over a site's cases: by risk, cut at a threshold or at the scans that can be done. Pure.</summary>
internal static class SiteWorklist
{
    /// <param name="documents">Cases of the time asked for.</param>
    /// <param name="cut">Cuts the list.</param>
    public static WorklistView Of(IReadOnlyList<CaseDocument> documents, Func<IReadOnlyList<WorklistCase>, Worklist> cut)
    {
        var items = documents.Select(Item).OfType<WorklistItem>().ToDictionary(item => item.CaseId, StringComparer.Ordinal);
        var cases = items.Values.Select(item => new WorklistCase(item.CaseId, item.Probability)).ToList();
        var list = cut(cases);
        return new WorklistView
        {
            Cases = cases.Count,
            Threshold = list.Threshold,
            Items = [.. list.Selected.Select(one => items[one.Id])],
            ExpectedFound = list.ExpectedFound,
            ExpectedMissed = list.ExpectedMissed,
            ScansPerFound = list.ExpectedFound > 0 ? list.ScansPerEvent : null,
            Curve = [.. ExpectedBenefit.Curve(cases).Select(point => new WorklistBenefit(point.Threshold, point.Selected, point.Everybody))],
            WithoutRisk = documents.Count - cases.Count,
            Status = "For research use; expected numbers hold as far as the models are calibrated at this site.",
        };
    }

    /// <summary>The newest prediction of bone metastasis that is about this patient.</summary>
    private static WorklistItem? Item(CaseDocument document)
    {
        var newest = document.Predictions.Count > 0 ? document.Predictions[^1].Result.Deserialize(PredictionJson.Default.Prediction) : null;
        return newest is { Probability: { } risk, Outcome.Event: ModelOutcome.BoneMetastasis } && Crossing.IsOfThisPatient(newest)
            ? new WorklistItem
            {
                CaseId = document.Id,
                CancerType = document.CancerType,
                Probability = risk,
                Low = newest.Interval.Low,
                High = newest.Interval.High,
                IntervalKind = newest.Interval.Kind,
                ModelId = newest.ModelId,
                ModelVersion = newest.ModelVersion,
                Missing = newest.Missing,
                Synthetic = document.IsSynthetic,
            }
            : null;
    }
}
