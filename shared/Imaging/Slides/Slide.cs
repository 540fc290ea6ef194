namespace BoneMet.Imaging.Slides;

/// <summary>
/// A whole-slide image that is open for reading: its pyramid, its resolution, and any region of any level. Label, macro and thumbnail images, which may show identity, are
/// never read. Safe for use by several threads at once.
/// </summary>
public abstract class Slide : IDisposable
{
    private protected Slide(string format, IReadOnlyList<SlideLevel> levels, double? micronsPerPixel, IReadOnlyList<string> notes) =>
        (Format, Levels, MicronsPerPixel, Notes) = (format, levels, micronsPerPixel, notes);

    /// <summary>What the file is: "aperio", "tiff", or OpenSlide's name of the vendor.</summary>
    public string Format { get; }

    /// <summary>Resolutions, the full one first, each coarser than the one before.</summary>
    public IReadOnlyList<SlideLevel> Levels { get; }

    /// <summary>µm per pixel at full resolution, when the file says it believably; never assumed.</summary>
    public double? MicronsPerPixel { get; }

    /// <summary>What a reader should know about how the file was understood.</summary>
    public IReadOnlyList<string> Notes { get; }

    public int Width => Levels[0].Width;

    public int Height => Levels[0].Height;

    /// <summary>Opens a slide after its structure is checked; no pixel is decoded.</summary>
    /// <exception cref="SlideException">The file is no slide that can be read; code and message say why.</exception>
    public static Slide Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using (var file = File.OpenRead(path))
        {
            Span<byte> start = stackalloc byte[16];
            var got = file.ReadAtLeast(start, 16, throwOnEndOfStream: false);
            if (got == 0) { throw new SlideException(SlideException.NotASlide, "the file is empty"); }
            if (TiffStructure.HasMagic(start[..got]))
            {
                var directories = TiffStructure.Read(file);
                if (TiffSlide.CanRead(directories)) { return TiffSlide.Open(path, directories); }
                try
                {
                    return OpenSlideSlide.TryOpen(path) ?? throw TiffSlide.Refuse(directories);
                }
                catch (SlideException failure) when (failure.Code == SlideException.Damaged)
                {
                    // the structure was found sound, so it is the coding that neither library knows
                    throw TiffSlide.Refuse(directories);
                }
            }
        }
        return OpenSlideSlide.TryOpen(path) ?? throw new SlideException(
            SlideException.NotASlide, "the file is not a slide: it is neither a tiled TIFF nor a scanner format" + (OpenSlideSlide.IsAvailable ? " that OpenSlide knows" : " (OpenSlide is not installed here, so scanner formats other than TIFF and SVS cannot be read)"));
    }

    /// <summary>
    /// Pixels of a region of one level, RGB interleaved, row by row; what lies outside the level is white.
    /// </summary>
    /// <param name="level">Index into <see cref="Levels"/>.</param>
    /// <param name="x">Left edge in that level's pixels; may be negative.</param>
    /// <param name="y">Top edge in that level's pixels; may be negative.</param>
    /// <param name="width">Pixels, at most 16384.</param>
    /// <param name="height">Pixels, at most 16384.</param>
    /// <exception cref="SlideException">A tile in the region cannot be decoded.</exception>
    public byte[] ReadRegion(int level, int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, Levels.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 16384);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 16384);
        var size = Levels[level];
        var (left, top) = (Math.Clamp(x, 0, size.Width), Math.Clamp(y, 0, size.Height));
        var (right, bottom) = ((int)Math.Clamp((long)x + width, 0, size.Width), (int)Math.Clamp((long)y + height, 0, size.Height));
        if (left == x && top == y && right - left == width && bottom - top == height) { return Fetch(level, x, y, width, height); }

        var rgb = new byte[width * height * 3];
        rgb.AsSpan().Fill(255);
        if (right <= left || bottom <= top) { return rgb; }
        var part = Fetch(level, left, top, right - left, bottom - top);
        var rowBytes = (right - left) * 3;
        for (var row = 0; row < bottom - top; row++)
        {
            part.AsSpan(row * rowBytes, rowBytes).CopyTo(rgb.AsSpan((((row + top - y) * width) + left - x) * 3));
        }
        return rgb;
    }

    /// <summary>The coarsest level that still resolves <paramref name="downsample"/> full-resolution pixels.</summary>
    public int BestLevel(double downsample)
    {
        var best = 0;
        for (var level = 1; level < Levels.Count; level++)
        {
            // a level of 2.0004 serves a request for 2
            if (Levels[level].Downsample <= downsample * 1.01) { best = level; }
        }
        return best;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>Pixels of a region that lies inside the level.</summary>
    private protected abstract byte[] Fetch(int level, int x, int y, int width, int height);
}
