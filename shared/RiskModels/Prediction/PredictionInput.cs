namespace BoneMet.RiskModels;

/// <summary>A factor that went into a prediction, or was given and did not.</summary>
public sealed record PredictionInput
{
    public required string Name { get; init; }
    public double? Number { get; init; }
    public string? Level { get; init; }
    public string? Unit { get; init; }
    public string? ConvertedFrom { get; init; }
    public IReadOnlyList<string> DerivedFrom { get; init; } = [];
    public bool Implausible { get; init; }

    /// <summary>False: this model has no place for it.</summary>
    public required bool Used { get; init; }
}
