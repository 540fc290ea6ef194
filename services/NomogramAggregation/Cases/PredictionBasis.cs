using BoneMet.Contracts.Events;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>Everything that a prediction was computed from, so that it can be computed again when the case, the library and the software have moved on.</summary>
internal sealed record PredictionBasis
{
    public required string CancerType { get; init; }
    public string? Histology { get; init; }
    public required IReadOnlyList<CodedFactorValue> Coded { get; init; }
    public required IReadOnlyList<LabelInput> Labels { get; init; }

    /// <summary>SHA-256 of each model that the choice was made among.</summary>
    public required IReadOnlyList<string> Models { get; init; }
}
