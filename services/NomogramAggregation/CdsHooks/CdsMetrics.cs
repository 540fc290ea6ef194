using System.Diagnostics.Metrics;
using BoneMet.Hosting;

namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>What clinicians make of the cards.</summary>
internal static class CdsMetrics
{
    private static readonly Counter<long> Outcomes =
        BoneMetTelemetry.Meter.CreateCounter<long>("bonemet.cds.feedback", "{card}", "Cards that CDS clients told the outcome of, by outcome");

    public static void Told(IEnumerable<CdsOutcome> outcomes)
    {
        foreach (var one in outcomes) { Outcomes.Add(1, new KeyValuePair<string, object?>("outcome", one.Outcome)); }
    }
}
