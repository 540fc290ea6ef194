using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>Which thresholds a new prediction passes. Pure.</summary>
internal static class Crossing
{
    /// <param name="document">The case before the prediction is added.</param>
    /// <param name="added">The new prediction, as stored.</param>
    /// <param name="prediction">The new prediction.</param>
    /// <param name="watches">Those of the case's site and cancer type.</param>
    /// <param name="now">The time of the crossing.</param>
    public static IReadOnlyList<RiskCrossing> Find(CaseDocument document, CasePrediction added, RiskModels.Prediction prediction, IEnumerable<RiskWatch> watches, DateTimeOffset now)
    {
        if (added.Probability is not { } risk || !IsOfThisPatient(prediction)) { return []; }

        var found = new List<RiskCrossing>();
        foreach (var watch in watches)
        {
            // What was told last about this watch is where the risk stood: a base rate in between tells nothing of the patient.
            var above = document.Crossings.LastOrDefault(crossing => crossing.WatchId == watch.Id)?.Direction == RiskCrossing.RoseTo;
            if (risk >= watch.Threshold == above) { continue; }

            found.Add(new RiskCrossing
            {
                WatchId = watch.Id,
                PredictionId = added.Id,
                ModelId = added.ModelId,
                ModelVersion = added.ModelVersion,
                Probability = risk,
                Threshold = watch.Threshold,
                Direction = above ? RiskCrossing.FellBelow : RiskCrossing.RoseTo,
                At = now,
            });
        }
        return found;
    }

    /// <summary>The rate of a whole population passes no threshold: it says nothing of the patient.</summary>
    public static bool IsOfThisPatient(RiskModels.Prediction prediction) =>
        prediction.Inputs.Any(input => input.Used) || prediction.Labels.Any(label => label.Entered);
}
