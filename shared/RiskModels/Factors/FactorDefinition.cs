namespace BoneMet.RiskModels;

/// <summary>What the dictionary knows of one factor.</summary>
public sealed record FactorDefinition
{
    public required string Name { get; init; }
    public required LocalText Label { get; init; }

    /// <summary>True: a number in <see cref="Unit"/>. False: one of <see cref="Levels"/>.</summary>
    public required bool IsNumber { get; init; }

    /// <summary>Canonical unit; null for pure numbers.</summary>
    public string? Unit { get; init; }

    /// <summary>Multiplier from each accepted unit (normalised spelling) to the canonical one.</summary>
    public IReadOnlyDictionary<string, double> Units { get; init; } = new Dictionary<string, double>();

    /// <summary>True when a bare number may be taken as in the canonical unit (ages in years, counts).</summary>
    public bool UnitOptional { get; init; }
    /// <summary>True: only whole numbers make sense.</summary>
    public bool WholeNumber { get; init; }
    public double? HardLow { get; init; }
    public double? HardHigh { get; init; }
    public double? PlausibleLow { get; init; }
    public double? PlausibleHigh { get; init; }
    public IReadOnlyList<FactorLevel> Levels { get; init; } = [];
    public IReadOnlyList<string> Synonyms { get; init; } = [];
    /// <summary>Its codes; the first LOINC is that of <see cref="Unit"/>, further ones name the same quantity in another kind of unit.</summary>
    public IReadOnlyList<FactorCode> Codes { get; init; } = [];

    /// <summary>When it is known: <see cref="FactorTime"/>.</summary>
    public required string KnownAt { get; init; }
}
