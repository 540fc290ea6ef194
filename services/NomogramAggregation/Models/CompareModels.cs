using BoneMet.Contracts.Api;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Prediction;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>Computes a challenger on the stored inputs of the cases that its champion answered. Pure.</summary>
internal static class CompareModels
{
    public static async Task<ComparisonView> Handle(string championId, CompiledModel challenger, IAsyncEnumerable<CaseDocument> cases, CancellationToken cancellation)
    {
        var items = new List<ComparisonItem>();
        await foreach (var document in cases.WithCancellation(cancellation))
        {
            if (document.Predictions is not [.., { Basis: { } basis, Probability: { } champion } newest] || newest.ModelId != championId) { continue; }
            if (basis.Predict(challenger).Probability is { } other) { items.Add(new ComparisonItem(document.Id, newest.ModelVersion, champion, other)); }
        }
        var any = items.Count > 0;
        return new ComparisonView
        {
            Challenger = $"{challenger.Model.Id}@{challenger.Model.Version}",
            Cases = items.Count,
            MeanChampion = any ? items.Average(item => item.Champion) : null,
            MeanChallenger = any ? items.Average(item => item.Challenger) : null,
            MeanDifference = any ? items.Average(item => Math.Abs(item.Challenger - item.Champion)) : null,
            LargestDifference = any ? items.Max(item => Math.Abs(item.Challenger - item.Champion)) : null,
            Items = items,
        };
    }
}
