namespace BoneMet.Gateway.Operations;

/// <summary>Something that a process depends on: store, disk, bus.</summary>
internal sealed record ServiceCheck(string Name, string Status, string? Description);
