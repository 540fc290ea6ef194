using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

/// <summary>The bus of this process.</summary>
public sealed class BusOptions
{
    public const string Section = "Bus";

    /// <summary>Must be said, except where every service is in one process: there it is the in-memory bus.</summary>
    public BusTransport? Transport { get; set; }

    /// <summary>Messages that the broker hands to one endpoint before the first is acknowledged.</summary>
    [Range(1, 1000)] public int Prefetch { get; set; } = 16;

    /// <summary>Deliveries of one message, crashes included, after which it goes to the dead-letter queue.</summary>
    [Range(1, 1000)] public int DeliveryLimit { get; set; } = 100;

    /// <summary>Attempts to consume a message in one delivery before it goes to the error queue.</summary>
    [Range(1, 20)] public int Attempts { get; set; } = 6;

    /// <summary>Seconds to wait for the broker at start.</summary>
    [Range(1, 3600)] public int StartSeconds { get; set; } = 120;
}
