namespace BoneMet.Contracts.Api;

/// <summary>A version that shall answer no new case, and why.</summary>
public sealed record NewRetirement(string? Version, string? Reason);
