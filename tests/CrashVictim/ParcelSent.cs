namespace BoneMet.CrashVictim;

public sealed record ParcelSent
{
    public required string ParcelId { get; init; }
}
