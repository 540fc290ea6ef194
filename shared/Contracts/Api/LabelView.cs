using BoneMet.Contracts.Events;

namespace BoneMet.Contracts.Api;

/// <summary>An image label as it is shown: with its encoder, and whether it may enter a model at all.</summary>
public sealed record LabelView
{
    public required double Logit { get; init; }
    public double? StandardError { get; init; }
    public required string EncoderId { get; init; }
    public required string EncoderVersion { get; init; }
    public required string EncoderSha256 { get; init; }
    public required bool Trained { get; init; }
    public required bool Synthetic { get; init; }
    public required string Provider { get; init; }
    public required int Items { get; init; }
    public string? Withheld { get; init; }
    public IReadOnlyList<NamedValue>? Features { get; init; }

    /// <summary>Pictures that explain the label: name → path below /api/v1.</summary>
    public IReadOnlyDictionary<string, string>? Pictures { get; init; }
}
