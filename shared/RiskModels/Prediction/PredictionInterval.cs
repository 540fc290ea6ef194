namespace BoneMet.RiskModels;

/// <summary>Uncertainty of a probability. Without published precision there are no limits, and the kind says so.</summary>
public sealed record PredictionInterval
{
    public const string NotAvailable = "not-available";

    public double? Low { get; init; }
    public double? High { get; init; }

    /// <summary>0.95 for all intervals that are computed here.</summary>
    public double? Level { get; init; }

    /// <summary>"delta-method", "independence-approximation", "wilson", "published", "published-range" or "not-available".</summary>
    public required string Kind { get; init; }

    /// <summary>What the interval leaves out.</summary>
    public string? Note { get; init; }

    public static PredictionInterval None(string why) => new() { Kind = NotAvailable, Note = why };
}
