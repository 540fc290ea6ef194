namespace BoneMet.Contracts.Events;

/// <summary>One clinical factor as submitted: exactly one of <see cref="Number"/> and <see cref="Level"/> is set.</summary>
public sealed record FactorValue
{
    public required string Name { get; init; }
    public double? Number { get; init; }
    public string? Level { get; init; }
    public string? Unit { get; init; }
}
