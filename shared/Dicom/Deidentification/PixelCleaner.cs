namespace BoneMet.Dicom.Deidentification;

/// <summary>Blanks parts of native pixels.</summary>
internal static class PixelCleaner
{
    public static byte[] Clean(DicomDataset dataset, byte[] pixels, IReadOnlyList<PixelRegion> regions, bool clearUnusedBits)
    {
        var rows = dataset.GetSingleValueOrDefault(DicomTag.Rows, 0);
        var columns = dataset.GetSingleValueOrDefault(DicomTag.Columns, 0);
        var samples = Math.Max(1, dataset.GetSingleValueOrDefault(DicomTag.SamplesPerPixel, 1));
        var allocated = dataset.GetSingleValueOrDefault(DicomTag.BitsAllocated, 8);
        var planar = samples > 1 && dataset.GetSingleValueOrDefault(DicomTag.PlanarConfiguration, 0) == 1;
        var width = allocated / 8;
        if (rows < 1 || columns < 1 || width < 1) { return pixels; }

        // Planar samples are so many pictures of one sample, one after the other.
        var stride = planar ? width : width * samples;
        var picture = (long)rows * columns * stride;
        var pictures = picture == 0 ? 0 : pixels.Length / picture;
        for (var n = 0L; n < pictures; n++)
        {
            foreach (var region in regions)
            {
                var (left, right) = (Math.Clamp(region.Left, 0, columns), (int)Math.Clamp((long)region.Left + region.Width, 0, columns));
                var (top, bottom) = (Math.Clamp(region.Top, 0, rows), (int)Math.Clamp((long)region.Top + region.Height, 0, rows));
                for (var row = top; row < bottom && right > left; row++)
                {
                    var at = (n * picture) + ((((long)row * columns) + left) * stride);
                    pixels.AsSpan((int)at, (right - left) * stride).Clear();
                }
            }
        }
        if (clearUnusedBits && width == 2) { ClearUnused(dataset, pixels, allocated); }
        return pixels;
    }

    /// <summary>Bits outside the stored ones hold embedded overlays (retired): cleared, the sign is extended again by whoever reads.</summary>
    private static void ClearUnused(DicomDataset dataset, byte[] pixels, int allocated)
    {
        var stored = dataset.GetSingleValueOrDefault(DicomTag.BitsStored, allocated);
        var high = dataset.GetSingleValueOrDefault(DicomTag.HighBit, stored - 1);
        if (stored < 1 || stored >= allocated || high < stored - 1 || high >= allocated) { return; }
        var mask = ((1 << stored) - 1) << (high - stored + 1);
        for (var n = 0; n + 1 < pixels.Length; n += 2)
        {
            pixels[n] &= (byte)mask;
            pixels[n + 1] &= (byte)(mask >> 8);
        }
    }
}
