namespace BoneMet.PathologyTiling.Slides;

/// <summary>What tiling found.</summary>
internal sealed record SlideFacts
{
    /// <summary>SHA-256 over slide digest and tiling parameters.</summary>
    public required string InputHash { get; init; }
    public required string Format { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required int Levels { get; init; }

    /// <summary>Of the slide at full resolution.</summary>
    public required double MicronsPerPixel { get; init; }
    public required int TissueTiles { get; init; }
    public required double TissueFraction { get; init; }
    public required int TileSize { get; init; }

    /// <summary>Of the tiles that were counted.</summary>
    public required double TileMicronsPerPixel { get; init; }
    public IReadOnlyList<string> Notes { get; init; } = [];
}
