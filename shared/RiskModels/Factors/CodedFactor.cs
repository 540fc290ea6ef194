namespace BoneMet.RiskModels;

/// <summary>A factor in the dictionary's unit or level.</summary>
public sealed record CodedFactor
{
    public required string Name { get; init; }
    public double? Number { get; init; }
    public string? Level { get; init; }
    public string? Unit { get; init; }

    /// <summary>As submitted, when a conversion took place: "41 ug/L", "T2a", "腺癌".</summary>
    public string? ConvertedFrom { get; init; }

    /// <summary>The factors it was worked out from, when it was not submitted itself.</summary>
    public IReadOnlyList<string> DerivedFrom { get; init; } = [];

    /// <summary>Possible, but outside what is usually seen: worth a second look.</summary>
    public bool Implausible { get; init; }
}
