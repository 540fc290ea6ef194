namespace BoneMet.Contracts.Events;

/// <summary>A factor in the dictionary's canonical unit or level.</summary>
public sealed record CodedFactorValue
{
    public required string Name { get; init; }
    public double? Number { get; init; }
    public string? Level { get; init; }
    public string? Unit { get; init; }

    /// <summary>As submitted, when a conversion took place: "41 ug/L".</summary>
    public string? ConvertedFrom { get; init; }

    /// <summary>The factors it was worked out from, when it was not submitted itself.</summary>
    public IReadOnlyList<string> DerivedFrom { get; init; } = [];

    /// <summary>Possible, but outside what is usually seen.</summary>
    public bool Implausible { get; init; }
}
