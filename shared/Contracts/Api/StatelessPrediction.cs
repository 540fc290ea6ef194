namespace BoneMet.Contracts.Api;

/// <summary>Body of POST /api/v1/predict: nothing is stored.</summary>
public sealed record StatelessPrediction
{
    /// <summary>A model id; or leave it out and give <see cref="CancerType"/>: the most specific model whose inputs are there is chosen.</summary>
    public string? Model { get; init; }
    public string? CancerType { get; init; }
    public string? Histology { get; init; }
    public IReadOnlyList<NewFactor>? Factors { get; init; }
    public IReadOnlyList<GivenLabel>? Labels { get; init; }
}
