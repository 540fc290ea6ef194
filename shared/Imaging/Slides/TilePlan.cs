namespace BoneMet.Imaging.Slides;

/// <summary>
/// Which tiles of a slide are read, at which resolution. A pure function of slide size, resolution, tissue and request, so the count announced is the count delivered.
/// </summary>
public sealed class TilePlan
{
    /// <summary>A tile with less tissue than this is left out.</summary>
    public const double MinTissueFraction = 0.25;

    private TilePlan(int tileSize, double micronsPerPixel, double footprint, IReadOnlyList<PlannedTile> tiles) =>
        (TileSize, MicronsPerPixel, Footprint, Tiles) = (tileSize, micronsPerPixel, footprint, tiles);

    /// <summary>Edge of the tiles in pixels as delivered.</summary>
    public int TileSize { get; }

    /// <summary>Resolution of the tiles as delivered.</summary>
    public double MicronsPerPixel { get; }

    /// <summary>Edge of a tile in full-resolution pixels.</summary>
    public double Footprint { get; }

    /// <summary>All tissue tiles, row by row.</summary>
    public IReadOnlyList<PlannedTile> Tiles { get; }

    /// <param name="slide">The slide.</param>
    /// <param name="slideMicronsPerPixel">Its resolution.</param>
    /// <param name="tissue">Its tissue.</param>
    /// <param name="tileSize">Edge of the tiles, 32 to 4096 pixels.</param>
    /// <param name="micronsPerPixel">Resolution wanted; 0 means the slide's own. At most four times finer than the slide.</param>
    public static TilePlan Make(Slide slide, double slideMicronsPerPixel, TissueMap tissue, int tileSize, double micronsPerPixel)
    {
        ArgumentNullException.ThrowIfNull(slide);
        ArgumentNullException.ThrowIfNull(tissue);
        ArgumentOutOfRangeException.ThrowIfLessThan(tileSize, 32);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tileSize, 4096);
        var resolution = micronsPerPixel == 0 ? slideMicronsPerPixel : micronsPerPixel;
        ArgumentOutOfRangeException.ThrowIfNotEqual(resolution >= slideMicronsPerPixel / 4 && resolution <= 1000, true, nameof(micronsPerPixel));

        var footprint = tileSize * resolution / slideMicronsPerPixel;
        var (columns, rows) = ((int)Math.Ceiling(slide.Width / footprint), (int)Math.Ceiling(slide.Height / footprint));
        var tiles = new List<PlannedTile>();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var fraction = tissue.Fraction(column * footprint, row * footprint, footprint, footprint);
                if (fraction >= MinTissueFraction) { tiles.Add(new(tiles.Count, column, row, (long)Math.Round(column * footprint), (long)Math.Round(row * footprint), fraction)); }
            }
        }
        return new(tileSize, resolution, footprint, tiles);
    }

    /// <summary>An even sample: the middle tile of each of <paramref name="limit"/> equal stretches, numbered afresh. 0 means all.</summary>
    public IReadOnlyList<PlannedTile> Sample(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        if (limit == 0 || limit >= Tiles.Count) { return Tiles; }
        return [.. Enumerable.Range(0, limit).Select(n => Tiles[(int)(((2L * n) + 1) * Tiles.Count / (2L * limit))] with { Index = n })];
    }

    /// <summary>Pixels of a tile, RGB interleaved, TileSize x TileSize; beyond the slide white.</summary>
    public byte[] Read(Slide slide, PlannedTile tile)
    {
        ArgumentNullException.ThrowIfNull(tile);
        return SlideReader.ReadScaled(slide, tile.X, tile.Y, Footprint, Footprint, TileSize, TileSize);
    }
}
