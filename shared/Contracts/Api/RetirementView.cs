namespace BoneMet.Contracts.Api;

/// <summary>A version that answers no new case, since when and why.</summary>
public sealed record RetirementView(string Version, DateTimeOffset At, string Reason);
