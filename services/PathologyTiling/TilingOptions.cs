using System.ComponentModel.DataAnnotations;
using BoneMet.Imaging.Slides;

namespace BoneMet.PathologyTiling;

/// <summary>How slides are taken in and counted.</summary>
internal sealed class TilingOptions
{
    public const string Section = "Tiling";

    /// <summary>Largest slide that is taken, in GiB.</summary>
    [Range(1, 1 << 20)] public int MaxSlideGiB { get; set; } = 256;

    /// <summary>Edge in pixels of the tiles that are counted for the record; who reads tiles says its own size.</summary>
    [Range(32, 4096)] public int TileSize { get; set; } = 256;

    /// <summary>Resolution, µm per pixel, of the tiles that are counted for the record.</summary>
    [Range(0.05, SlideLimits.MaxMicronsPerPixel)] public double MicronsPerPixel { get; set; } = 0.5;

    /// <summary>Slides that stay open between requests.</summary>
    [Range(1, 1000)] public int OpenSlides { get; set; } = 16;

    /// <summary>Tiles that are decoded ahead of a reader, which bounds the memory of a stream.</summary>
    [Range(1, 256)] public int TilesAhead { get; set; } = 8;
}
