using System.Text.Json;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>What a challenger said of the case, beside the champion and never in its place.</summary>
internal sealed record ChallengerAnswer
{
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required double? Probability { get; init; }
    public required JsonElement Result { get; init; }
}
