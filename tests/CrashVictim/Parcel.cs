using BoneMet.Storage;

namespace BoneMet.CrashVictim;

/// <summary>What the sender makes, with one message in its outbox.</summary>
public sealed record Parcel : StoredDocument
{
    public required string Blob { get; init; }
}
