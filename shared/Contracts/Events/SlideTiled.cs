namespace BoneMet.Contracts.Events;

/// <summary>The tissue of a slide is found and its tiles can be read over gRPC. Published by PathologyTiling, once per (case, slide).</summary>
public sealed record SlideTiled
{
    public required string CaseId { get; init; }

    /// <summary>SHA-256 over slide digest and tiling parameters: the key of this piece of work.</summary>
    public required string InputHash { get; init; }
    public required string SlideId { get; init; }
    public required int TissueTiles { get; init; }
    public required int TileSize { get; init; }
    public double? MicronsPerPixel { get; init; }
    public IReadOnlyList<string> Notes { get; init; } = [];
    public required DateTimeOffset At { get; init; }
}
