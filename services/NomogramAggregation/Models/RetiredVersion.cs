namespace BoneMet.NomogramAggregation.Models;

/// <summary>A version that answers no new case; what it once answered can still be read and computed again.</summary>
internal sealed record RetiredVersion(string Version, DateTimeOffset At, string Reason);
