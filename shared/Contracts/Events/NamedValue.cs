namespace BoneMet.Contracts.Events;

/// <summary>One deterministic image feature, named with its IBSI code where there is one.</summary>
public sealed record NamedValue(string Name, double Value, string? Unit = null, string? Code = null);
