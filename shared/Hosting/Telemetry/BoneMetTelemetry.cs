using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BoneMet.Hosting;

/// <summary>The platform's own activity source and meter, both named BoneMet. No identity in names, tags or values.</summary>
public static class BoneMetTelemetry
{
    public const string Name = "BoneMet";

    public static ActivitySource Source { get; } = new(Name);
    public static Meter Meter { get; } = new(Name);

    /// <summary>Boundaries, in seconds, for work that takes from a millisecond to minutes; the library's own are made for milliseconds.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] };

    internal static Counter<long> Relayed { get; } = Meter.CreateCounter<long>("bonemet.outbox.relayed", "{message}", "Outbox messages confirmed by the bus");
    internal static Counter<long> RelayFaults { get; } = Meter.CreateCounter<long>("bonemet.outbox.faults", "{fault}", "Rounds of the outbox relay in which the bus took no message");
    internal static Counter<long> Consumed { get; } = Meter.CreateCounter<long>("bonemet.bus.consumed", "{message}", "Messages consumed, by outcome");
}
