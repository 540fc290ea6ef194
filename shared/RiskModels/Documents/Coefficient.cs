namespace BoneMet.RiskModels;

/// <summary>A log odds ratio (or log hazard ratio, or whole points in a score) with what was printed about its precision.</summary>
public sealed record Coefficient
{
    public static Coefficient Reference { get; } = new() { Beta = 0 };

    public required double Beta { get; init; }
    public double? StandardError { get; init; }

    /// <summary>The ratio as printed: exp(β) to its printed decimals.</summary>
    public double? Ratio { get; init; }

    /// <summary>95 % limits of the ratio as printed.</summary>
    public double? Low { get; init; }
    public double? High { get; init; }

    /// <summary>Why β, ratio and limits need not agree (a misprint in the paper, say).</summary>
    public string? Note { get; init; }
}
