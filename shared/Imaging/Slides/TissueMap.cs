namespace BoneMet.Imaging.Slides;

/// <summary>
/// Where a slide holds tissue, on a coarse grid of about 8 µm per cell. A cell is tissue when its saturation, after a 3 x 3 median, exceeds Otsu's threshold (kept within
/// 5 % to 20 %, so that neither an empty nor a wholly covered slide splits its own noise) and it is not black.
/// </summary>
public sealed class TissueMap
{
    /// <summary>Edge of a cell in µm, about.</summary>
    public const double CellMicrons = 8;

    private const int LowestThreshold = 13;
    private const int HighestThreshold = 51;
    private const int Black = 40;
    private const long MaxCells = 1L << 24;

    private readonly int[] _sums;

    private TissueMap(int width, int height, double cellWidth, double cellHeight, int threshold, byte[] overview, bool[] tissue)
    {
        (Width, Height, CellWidth, CellHeight, Threshold, Overview) = (width, height, cellWidth, cellHeight, threshold, overview);
        _sums = new int[(width + 1) * (height + 1)];
        for (var row = 0; row < height; row++)
        {
            var line = 0;
            for (var column = 0; column < width; column++)
            {
                if (tissue[(row * width) + column]) { line++; }
                _sums[((row + 1) * (width + 1)) + column + 1] = _sums[(row * (width + 1)) + column + 1] + line;
            }
        }
    }

    /// <summary>Cells across.</summary>
    public int Width { get; }

    /// <summary>Cells down.</summary>
    public int Height { get; }

    /// <summary>Full-resolution pixels per cell, across.</summary>
    public double CellWidth { get; }

    /// <summary>Full-resolution pixels per cell, down.</summary>
    public double CellHeight { get; }

    /// <summary>Saturation (0 to 255) above which a cell is tissue.</summary>
    public int Threshold { get; }

    /// <summary>The slide at one pixel per cell, RGB interleaved.</summary>
    public byte[] Overview { get; }

    /// <summary>Part of the slide that is tissue, 0 to 1.</summary>
    public double TissueFraction => (double)_sums[^1] / (Width * (long)Height);

    /// <summary>Finds the tissue of a slide.</summary>
    /// <param name="slide">An open slide.</param>
    /// <param name="micronsPerPixel">Its resolution.</param>
    /// <param name="cancellation">Ends the work between blocks.</param>
    /// <exception cref="SlideException">A tile cannot be decoded.</exception>
    public static TissueMap Find(Slide slide, double micronsPerPixel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(slide);
        if (!SlideLimits.IsBelievable(micronsPerPixel)) { throw new ArgumentOutOfRangeException(nameof(micronsPerPixel), micronsPerPixel, "not a resolution of a slide"); }
        var wanted = Math.Max(1, CellMicrons / micronsPerPixel);
        var level = slide.BestLevel(wanted);
        var size = slide.Levels[level];
        var factor = Math.Max(1, (int)Math.Round(wanted / size.Downsample));
        long Cells(int n) => ((size.Width + n - 1L) / n) * ((size.Height + n - 1L) / n);
        while (Cells(factor) > MaxCells) { factor++; }

        var (width, height) = ((size.Width + factor - 1) / factor, (size.Height + factor - 1) / factor);
        var overview = SlideReader.ReadShrunk(slide, level, 0, 0, size.Width, size.Height, factor, cancellation);
        var saturation = Median(Saturation(overview), width, height);
        var threshold = Math.Clamp(Otsu(saturation), LowestThreshold, HighestThreshold);
        var tissue = new bool[saturation.Length];
        for (var n = 0; n < tissue.Length; n++)
        {
            tissue[n] = saturation[n] > threshold && Math.Max(overview[3 * n], Math.Max(overview[(3 * n) + 1], overview[(3 * n) + 2])) >= Black;
        }
        return new(width, height, (double)slide.Width / size.Width * factor, (double)slide.Height / size.Height * factor, threshold, overview, tissue);
    }

    /// <summary>Part of a rectangle, given in full-resolution pixels, that is tissue; what lies beyond the slide is not.</summary>
    public double Fraction(double x, double y, double width, double height)
    {
        var (c0, r0) = ((int)Math.Round(x / CellWidth), (int)Math.Round(y / CellHeight));
        var (c1, r1) = (Math.Max(c0 + 1, (int)Math.Round((x + width) / CellWidth)), Math.Max(r0 + 1, (int)Math.Round((y + height) / CellHeight)));
        var area = (c1 - c0) * (double)(r1 - r0);
        (c0, r0, c1, r1) = (Math.Clamp(c0, 0, Width), Math.Clamp(r0, 0, Height), Math.Clamp(c1, 0, Width), Math.Clamp(r1, 0, Height));
        var stride = Width + 1;
        return (_sums[(r1 * stride) + c1] - _sums[(r0 * stride) + c1] - _sums[(r1 * stride) + c0] + _sums[(r0 * stride) + c0]) / area;
    }

    /// <summary>HSV saturation, 0 to 255: (max − min) / max.</summary>
    internal static byte[] Saturation(ReadOnlySpan<byte> rgb)
    {
        var saturation = new byte[rgb.Length / 3];
        for (var n = 0; n < saturation.Length; n++)
        {
            var (red, green, blue) = (rgb[3 * n], rgb[(3 * n) + 1], rgb[(3 * n) + 2]);
            var high = Math.Max(red, Math.Max(green, blue));
            saturation[n] = high == 0 ? (byte)0 : (byte)(255 * (high - Math.Min(red, Math.Min(green, blue))) / high);
        }
        return saturation;
    }

    /// <summary>The threshold t that maximises the variance between the classes ≤ t and &gt; t; the lowest of equals. An image of one value gives that value.</summary>
    /// <remarks>N. Otsu, IEEE Trans. Syst. Man Cybern. 9 (1979) 62–66.</remarks>
    internal static int Otsu(ReadOnlySpan<byte> values)
    {
        Span<long> counts = stackalloc long[256];
        foreach (var value in values) { counts[value]++; }
        var (total, sum) = ((double)values.Length, 0.0);
        for (var v = 0; v < 256; v++) { sum += v * (double)counts[v]; }
        var (best, threshold) = (-1.0, 0);
        var (below, sumBelow) = (0.0, 0.0);
        for (var t = 0; t < 256; t++)
        {
            below += counts[t];
            sumBelow += t * (double)counts[t];
            if (below == 0) { continue; }
            var above = total - below;
            var between = above == 0 ? 0 : below * above * Math.Pow((sumBelow / below) - ((sum - sumBelow) / above), 2);
            if (between > best) { (best, threshold) = (between, t); }
        }
        return threshold;
    }

    /// <summary>3 x 3 median; edges repeat.</summary>
    private static byte[] Median(byte[] values, int width, int height)
    {
        var result = new byte[values.Length];
        Span<byte> window = stackalloc byte[9];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                for (var n = 0; n < 9; n++)
                {
                    var (r, c) = (Math.Clamp(row + (n / 3) - 1, 0, height - 1), Math.Clamp(column + (n % 3) - 1, 0, width - 1));
                    window[n] = values[(r * width) + c];
                }
                window.Sort();
                result[(row * width) + column] = window[4];
            }
        }
        return result;
    }
}
