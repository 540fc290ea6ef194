using BoneMet.Storage;

namespace BoneMet.CrashVictim;

/// <summary>What the consumer makes of a parcel: counts how often its message had an effect, which must be once.</summary>
public sealed record Arrival : StoredDocument
{
    public int Effects { get; init; }
}
