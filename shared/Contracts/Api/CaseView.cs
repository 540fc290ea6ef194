using System.Text.Json;

namespace BoneMet.Contracts.Api;

/// <summary>A case with its strands, every prediction ever made for it (newest last), and its timeline.</summary>
public sealed record CaseView
{
    public required string Id { get; init; }
    public required long Version { get; init; }
    public required string Site { get; init; }
    public required string Subject { get; init; }
    public required string CancerType { get; init; }
    public string? Histology { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string? TraceId { get; init; }
    public required bool Settled { get; init; }
    public required IReadOnlyList<NewFactor> Factors { get; init; }
    public required IReadOnlyDictionary<string, StrandView> Strands { get; init; }

    /// <summary>Present when both image strands are labelled by encoders that a fusion was trained on.</summary>
    public FusedLabelView? FusedLabel { get; init; }
    public required IReadOnlyList<JsonElement> Predictions { get; init; }
    public required IReadOnlyList<TimelineView> Timeline { get; init; }
}
