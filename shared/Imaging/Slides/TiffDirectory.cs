namespace BoneMet.Imaging.Slides;

/// <summary>One image of a TIFF file as its header describes it; nothing is decoded.</summary>
internal sealed record TiffDirectory
{
    /// <summary>Position in the main chain, the page number that libtiff uses.</summary>
    public required int Page { get; init; }

    /// <summary>Position among the sub-images of the page, or -1 for the page itself.</summary>
    public required int SubImage { get; init; }
    public required long Width { get; init; }
    public required long Height { get; init; }
    public long TileWidth { get; init; }
    public long TileHeight { get; init; }
    public int Compression { get; init; } = 1;
    public int Photometric { get; init; } = -1;
    public int Samples { get; init; } = 1;
    public int BitsPerSample { get; init; } = 1;
    public int Planar { get; init; } = 1;
    public int SampleFormat { get; init; } = 1;
    public double XResolution { get; init; }
    public double YResolution { get; init; }
    public int ResolutionUnit { get; init; } = 2;
    public string Description { get; init; } = "";

    public bool IsTiled => TileWidth > 0;

    public long TilesAcross => (Width + TileWidth - 1) / TileWidth;

    public long TilesDown => (Height + TileHeight - 1) / TileHeight;
}
