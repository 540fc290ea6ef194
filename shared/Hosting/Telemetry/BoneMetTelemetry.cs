using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BoneMet.Hosting;

/// <summary>The platform's own activity source and meter, both named BoneMet. No identity in names, tags or values.</summary>
public static class BoneMetTelemetry
{
    public const string Name = "BoneMet";

    public static ActivitySource Source { get; } = new(Name);
    public static Meter Meter { get; } = new(Name);

    internal static Counter<long> Relayed { get; } = Meter.CreateCounter<long>("bonemet.outbox.relayed", "{message}", "Outbox messages confirmed by the bus");
    internal static Counter<long> Consumed { get; } = Meter.CreateCounter<long>("bonemet.bus.consumed", "{message}", "Messages consumed, by outcome");
}
