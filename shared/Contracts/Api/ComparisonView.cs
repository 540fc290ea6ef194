namespace BoneMet.Contracts.Api;

/// <summary>Champion and challenger on the same cases.</summary>
public sealed record ComparisonView
{
    /// <summary>Challenger, "id@version".</summary>
    public required string Challenger { get; init; }

    /// <summary>Cases whose newest prediction is the champion's, and that both give a probability.</summary>
    public required int Cases { get; init; }
    public double? MeanChampion { get; init; }
    public double? MeanChallenger { get; init; }

    /// <summary>Mean and largest absolute difference of the two probabilities.</summary>
    public double? MeanDifference { get; init; }
    public double? LargestDifference { get; init; }
    public required IReadOnlyList<ComparisonItem> Items { get; init; }
}
