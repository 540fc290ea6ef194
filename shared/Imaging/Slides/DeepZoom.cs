using System.Globalization;

namespace BoneMet.Imaging.Slides;

/// <summary>A slide as a DeepZoom pyramid, the form that OpenSeadragon and other viewers read: tiles of 256 pixels without overlap.</summary>
public static class DeepZoom
{
    public const int TileSize = 256;

    /// <summary>Number of levels: 0 is one pixel, the last is full resolution.</summary>
    public static int Levels(Slide slide)
    {
        ArgumentNullException.ThrowIfNull(slide);
        var levels = 1;
        for (var edge = (long)Math.Max(slide.Width, slide.Height); edge > 1; edge = (edge + 1) / 2) { levels++; }
        return levels;
    }

    /// <summary>The .dzi document.</summary>
    public static string Descriptor(Slide slide)
    {
        ArgumentNullException.ThrowIfNull(slide);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="jpeg" Overlap="0" TileSize="{TileSize}"><Size Width="{slide.Width}" Height="{slide.Height}"/></Image>

            """);
    }

    /// <summary>One tile as JPEG; null when the pyramid has no such tile.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="overview">Serves the coarse levels of a slide that has none of its own.</param>
    /// <param name="level">DeepZoom level.</param>
    /// <param name="column">Column in that level.</param>
    /// <param name="row">Row in that level.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static byte[]? Tile(Slide slide, TissueMap? overview, int level, int column, int row, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(slide);
        var levels = Levels(slide);
        if (level < 0 || level >= levels || column < 0 || row < 0) { return null; }
        var scale = (double)(1L << (levels - 1 - level));
        var (levelWidth, levelHeight) = ((int)Math.Ceiling(slide.Width / scale), (int)Math.Ceiling(slide.Height / scale));
        var (x, y) = ((long)column * TileSize, (long)row * TileSize);
        if (x >= levelWidth || y >= levelHeight) { return null; }
        var (width, height) = ((int)Math.Min(TileSize, levelWidth - x), (int)Math.Min(TileSize, levelHeight - y));
        var (left, top) = (x * scale, y * scale);
        var (right, bottom) = (Math.Min(left + (width * scale), slide.Width), Math.Min(top + (height * scale), slide.Height));
        if (overview is not null && scale >= Math.Max(overview.CellWidth, overview.CellHeight) && slide.Levels[slide.BestLevel(scale)].Downsample < overview.CellWidth)
        {
            return SlideReader.EncodeJpeg(FromOverview(overview, left, top, right, bottom, width, height), width, height);
        }
        return SlideReader.EncodeJpeg(SlideReader.ReadScaled(slide, left, top, right - left, bottom - top, width, height, cancellation), width, height);
    }

    private static byte[] FromOverview(TissueMap map, double left, double top, double right, double bottom, int width, int height)
    {
        var (c0, r0) = (Math.Min((int)(left / map.CellWidth), map.Width - 1), Math.Min((int)(top / map.CellHeight), map.Height - 1));
        var (c1, r1) = (Math.Clamp((int)Math.Round(right / map.CellWidth), c0 + 1, map.Width), Math.Clamp((int)Math.Round(bottom / map.CellHeight), r0 + 1, map.Height));
        var part = new byte[(c1 - c0) * (r1 - r0) * 3];
        for (var row = r0; row < r1; row++) { map.Overview.AsSpan(((row * map.Width) + c0) * 3, (c1 - c0) * 3).CopyTo(part.AsSpan((row - r0) * (c1 - c0) * 3)); }
        return SlideReader.Resize(part, c1 - c0, r1 - r0, width, height);
    }
}
