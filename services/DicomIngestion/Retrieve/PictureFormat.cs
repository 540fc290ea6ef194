using System.Runtime.InteropServices;
using BoneMet.Dicom;
using SkiaSharp;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>Rendered frames as files that browsers show.</summary>
internal static class PictureFormat
{
    public const int UsualQuality = 90;
    private const string Jpeg = "image/jpeg";
    private const string PngType = "image/png";

    /// <summary>Media types, the usual one first (PS3.18 table 8.7.4-1).</summary>
    public static IReadOnlyList<string> All { get; } = [Jpeg, PngType];

    /// <param name="frame">The picture.</param>
    /// <param name="type">One of <see cref="All"/>.</param>
    /// <param name="quality">1 to 100, for JPEG.</param>
    /// <param name="viewport">It is scaled to fit into this, its proportions kept; null: as large as it is.</param>
    public static byte[] Encode(RenderedFrame frame, string type, int quality, (int Width, int Height)? viewport)
    {
        if (type == PngType && viewport is null)
        {
            using var png = new MemoryStream();
            Png.Write(png, frame);
            return png.ToArray();
        }
        using var bitmap = Bitmap(frame);
        using var scaled = viewport is { } box ? Fit(bitmap, box) : null;
        using var data = (scaled ?? bitmap).Encode(type == PngType ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }

    private static SKBitmap Bitmap(RenderedFrame frame)
    {
        if (frame.SamplesPerPixel == 1)
        {
            var grey = new SKBitmap(new SKImageInfo(frame.Columns, frame.Rows, SKColorType.Gray8, SKAlphaType.Opaque));
            for (var y = 0; y < frame.Rows; y++) { Marshal.Copy(frame.Bytes, y * frame.Columns, grey.GetPixels() + (y * grey.RowBytes), frame.Columns); }
            return grey;
        }
        var colour = new SKBitmap(new SKImageInfo(frame.Columns, frame.Rows, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var row = new byte[4 * frame.Columns];
        for (var y = 0; y < frame.Rows; y++)
        {
            for (var x = 0; x < frame.Columns; x++)
            {
                frame.Bytes.AsSpan(3 * ((y * frame.Columns) + x), 3).CopyTo(row.AsSpan(4 * x));
                row[(4 * x) + 3] = byte.MaxValue;
            }
            Marshal.Copy(row, 0, colour.GetPixels() + (y * colour.RowBytes), row.Length);
        }
        return colour;
    }

    private static SKBitmap Fit(SKBitmap bitmap, (int Width, int Height) box)
    {
        var scale = Math.Min((double)box.Width / bitmap.Width, (double)box.Height / bitmap.Height);
        var size = new SKSizeI(Math.Max(1, (int)Math.Round(bitmap.Width * scale)), Math.Max(1, (int)Math.Round(bitmap.Height * scale)));
        return bitmap.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }
}
