using System.Diagnostics;
using System.Diagnostics.Metrics;
using BoneMet.Contracts.Events;
using BoneMet.Hosting;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>What happens to cases, counted as it is saved.</summary>
internal static class CaseMetrics
{
    private static readonly Counter<long> Predictions =
        BoneMetTelemetry.Meter.CreateCounter<long>("bonemet.predictions", "{prediction}", "Predictions added to cases, by model and version");

    private static readonly Histogram<double> Duration =
        BoneMetTelemetry.Meter.CreateHistogram<double>("bonemet.case.duration", "s", "From the acceptance of a case to its first settled state", advice: BoneMetTelemetry.Seconds);

    /// <summary>Counts, and marks the trace: the collector keeps every trace in which a strand failed or a case was slow (deploy/collector).</summary>
    public static void Saved(CaseDocument before, CaseDocument saved)
    {
        foreach (var strand in Strand.All)
        {
            if (saved.Strand(strand).Status == StrandStatus.Failed && before.Strand(strand).Status != StrandStatus.Failed) { Activity.Current?.SetTag("bonemet.strand.failed", strand); }
        }
        foreach (var added in saved.Predictions.Skip(before.Predictions.Count))
        {
            Predictions.Add(1, new("model.id", added.ModelId), new("model.version", added.ModelVersion));
        }
        if (!saved.IsSettled || before.IsSettled) { return; }

        var seconds = (saved.UpdatedAt - saved.CreatedAt).TotalSeconds;
        Activity.Current?.SetTag("bonemet.case.seconds", (long)seconds);
        Duration.Record(seconds, new KeyValuePair<string, object?>("outcome", saved.Progress));
    }
}
