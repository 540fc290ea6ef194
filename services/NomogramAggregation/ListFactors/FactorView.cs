using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.ListFactors;

/// <summary>A factor as a form needs it.</summary>
internal sealed record FactorView
{
    public required string Name { get; init; }
    public required LocalText Label { get; init; }

    /// <summary>Canonical unit of a number; its <see cref="Units"/> are all that are taken.</summary>
    public string? Unit { get; init; }
    public required IReadOnlyList<string> Units { get; init; }
    public required bool WholeNumber { get; init; }

    /// <summary>Impossible below and above, in the canonical unit.</summary>
    public double? HardLow { get; init; }
    public double? HardHigh { get; init; }

    /// <summary>Unusual below and above, in the canonical unit.</summary>
    public double? PlausibleLow { get; init; }
    public double? PlausibleHigh { get; init; }

    /// <summary>Multiplier from each unit to the canonical one.</summary>
    public required IReadOnlyDictionary<string, double> Factors { get; init; }

    /// <summary>Levels of a factor that is not a number.</summary>
    public required IReadOnlyList<FactorLevelView> Levels { get; init; }

    /// <summary>diagnosis, staging, treatment or follow-up.</summary>
    public required string KnownAt { get; init; }

    public static FactorView Of(FactorDefinition factor) => new()
    {
        Name = factor.Name,
        Label = factor.Label,
        Unit = factor.Unit,
        Units = [.. factor.Units.Keys.Order(StringComparer.Ordinal)],
        WholeNumber = factor.WholeNumber,
        HardLow = factor.HardLow,
        HardHigh = factor.HardHigh,
        PlausibleLow = factor.PlausibleLow,
        PlausibleHigh = factor.PlausibleHigh,
        Factors = factor.Units,
        Levels = [.. factor.Levels.Select(level => new FactorLevelView(level.Name, level.Label))],
        KnownAt = factor.KnownAt,
    };
}
