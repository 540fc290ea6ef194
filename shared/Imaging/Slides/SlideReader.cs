using NetVips;

namespace BoneMet.Imaging.Slides;

/// <summary>Pixels of a slide at any scale. Same bytes for the same request; memory is bounded by the size of the answer, not of the slide.</summary>
public static class SlideReader
{
    private const int BlockEdge = 2048;

    /// <summary>Largest region that is read in one piece before it is resized.</summary>
    private const int MaxPiece = 4096;

    /// <summary>
    /// A region given in full-resolution pixels, scaled to <paramref name="outWidth"/> x <paramref name="outHeight"/>: read from the coarsest level that still resolves it, then
    /// shrunk (box, then Lanczos). Within 0.5 % of a level's own scale the level's pixels are given as they are.
    /// </summary>
    /// <exception cref="SlideException">A tile in the region cannot be decoded.</exception>
    public static byte[] ReadScaled(Slide slide, double x, double y, double width, double height, int outWidth, int outHeight, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(slide);
        ArgumentOutOfRangeException.ThrowIfNotEqual(width > 0 && height > 0 && double.IsFinite(x + y + width + height), true);
        var level = slide.BestLevel(Math.Min(width / outWidth, height / outHeight));
        var (scaleX, scaleY) = ((double)slide.Width / slide.Levels[level].Width, (double)slide.Height / slide.Levels[level].Height);
        var (left, top) = ((int)Math.Round(x / scaleX), (int)Math.Round(y / scaleY));
        var (across, down) = (width / scaleX, height / scaleY);
        if (Math.Abs(across - outWidth) <= 0.005 * outWidth && Math.Abs(down - outHeight) <= 0.005 * outHeight) { return slide.ReadRegion(level, left, top, outWidth, outHeight); }

        var factor = Math.Max(1, (int)Math.Ceiling(Math.Max(across, down) / MaxPiece));
        var (pieceWidth, pieceHeight) = (Math.Max(1, (int)Math.Round(across / factor)), Math.Max(1, (int)Math.Round(down / factor)));
        var piece = factor == 1
            ? slide.ReadRegion(level, left, top, pieceWidth, pieceHeight)
            : ReadShrunk(slide, level, left, top, pieceWidth * factor, pieceHeight * factor, factor, cancellation);
        return Resize(piece, pieceWidth, pieceHeight, outWidth, outHeight);
    }

    /// <summary>
    /// A region of a level, each output pixel the rounded mean of <paramref name="factor"/> x <paramref name="factor"/> pixels; at the right and lower edges of the level the mean of those that exist, beyond it white.
    /// Width and height of the answer are rounded up.
    /// </summary>
    /// <exception cref="SlideException">A tile in the region cannot be decoded.</exception>
    public static byte[] ReadShrunk(Slide slide, int level, int x, int y, int width, int height, int factor, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(slide);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        var (outWidth, outHeight) = ((width + factor - 1) / factor, (height + factor - 1) / factor);
        var rgb = new byte[checked(outWidth * outHeight * 3)];
        var cells = Math.Max(1, BlockEdge / factor);
        var (blocksAcross, blocksDown) = ((outWidth + cells - 1) / cells, (outHeight + cells - 1) / cells);
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };
        try
        {
            Parallel.For(0, blocksAcross * blocksDown, options, block =>
            {
                var (firstColumn, firstRow) = (block % blocksAcross * cells, block / blocksAcross * cells);
                var (columns, rows) = (Math.Min(cells, outWidth - firstColumn), Math.Min(cells, outHeight - firstRow));
                ShrinkBlock(slide, level, (x, y), factor, (firstColumn, firstRow, columns, rows), rgb, outWidth);
            });
        }
        catch (AggregateException many) when (many.InnerExceptions.OfType<SlideException>().FirstOrDefault() is { } first)
        {
            throw new SlideException(first.Code, first.Message, many);
        }
        return rgb;
    }

    /// <summary>Resizes an RGB image to exactly the given size (box shrink, then Lanczos; cubic when it grows).</summary>
    public static byte[] Resize(byte[] rgb, int width, int height, int outWidth, int outHeight)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        if (width == outWidth && height == outHeight) { return rgb; }
        Vips.Prepare();
        using var image = Image.NewFromMemory(rgb, width, height, 3, Enums.BandFormat.Uchar);
        using var typed = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var resized = typed.ThumbnailImage(outWidth, height: outHeight, size: Enums.Size.Force);
        return resized.WriteToMemory<byte>();
    }

    /// <summary>A JPEG of an RGB image, without any metadata.</summary>
    public static byte[] EncodeJpeg(byte[] rgb, int width, int height, int quality = 85)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        Vips.Prepare();
        using var image = Image.NewFromMemory(rgb, width, height, 3, Enums.BandFormat.Uchar);
        using var typed = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return typed.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);
    }

    private static void ShrinkBlock(Slide slide, int level, (int X, int Y) origin, int factor, (int Column, int Row, int Columns, int Rows) block, byte[] rgb, int outWidth)
    {
        var size = slide.Levels[level];
        var (left, top) = (origin.X + (block.Column * factor), origin.Y + (block.Row * factor));
        var (width, height) = (block.Columns * factor, block.Rows * factor);
        // block edges are at most BlockEdge + factor; a coarser factor is read in strips of its own
        if (width > 16384 || height > 16384) { throw new ArgumentOutOfRangeException(nameof(factor), factor, "a shrink factor above 16384 is not supported"); }
        var pixels = slide.ReadRegion(level, left, top, width, height);
        for (var row = 0; row < block.Rows; row++)
        {
            for (var column = 0; column < block.Columns; column++)
            {
                var (x0, y0) = (column * factor, row * factor);
                var (x1, y1) = (Math.Min(x0 + factor, size.Width - left), Math.Min(y0 + factor, size.Height - top));
                var target = (((block.Row + row) * outWidth) + block.Column + column) * 3;
                if (x1 <= x0 || y1 <= y0)
                {
                    rgb.AsSpan(target, 3).Fill(255);
                    continue;
                }
                var (red, green, blue) = (0, 0, 0);
                for (var v = y0; v < y1; v++)
                {
                    var line = pixels.AsSpan(((v * width) + x0) * 3, (x1 - x0) * 3);
                    for (var u = 0; u < line.Length; u += 3)
                    {
                        red += line[u];
                        green += line[u + 1];
                        blue += line[u + 2];
                    }
                }
                var count = (x1 - x0) * (y1 - y0);
                rgb[target] = (byte)((red + (count / 2)) / count);
                rgb[target + 1] = (byte)((green + (count / 2)) / count);
                rgb[target + 2] = (byte)((blue + (count / 2)) / count);
            }
        }
    }
}
