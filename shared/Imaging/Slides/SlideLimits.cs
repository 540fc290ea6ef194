namespace BoneMet.Imaging.Slides;

/// <summary>Bounds that a file must keep before any decoder sees it.</summary>
public static class SlideLimits
{
    /// <summary>Longest edge in pixels; a 15 cm edge at 0.15 µm per pixel.</summary>
    public const int MaxEdge = 1_000_000;

    /// <summary>Most pixels at full resolution.</summary>
    public const long MaxPixels = 1L << 38;

    /// <summary>Longest edge of a stored tile.</summary>
    public const int MaxTileEdge = 8192;

    /// <summary>Most bytes of one compressed tile.</summary>
    public const long MaxTileBytes = 256L << 20;

    /// <summary>Most image directories in a file.</summary>
    public const int MaxDirectories = 256;

    /// <summary>Finest and coarsest believable resolution, µm per pixel. Outside it a value is a default of some program, not a measurement.</summary>
    public const double MinMicronsPerPixel = 0.02;

    public const double MaxMicronsPerPixel = 20;

    /// <summary>True for a resolution that a slide scanner can have measured.</summary>
    public static bool IsBelievable(double? micronsPerPixel) => micronsPerPixel is >= MinMicronsPerPixel and <= MaxMicronsPerPixel;
}
