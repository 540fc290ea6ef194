namespace BoneMet.Dicom;

/// <summary>Brings subsampled chroma to full size with the triangle filter that libjpeg calls "fancy"; other ratios by repetition.</summary>
internal static class JpegUpsampling
{
    public static int[] ToFull(JpegComponent component, int width, int height, int hMax, int vMax)
    {
        var full = GC.AllocateUninitializedArray<int>(width * height);
        int h = hMax / component.H, v = vMax / component.V;
        if (component.Width > 2 && h == 2 && v == 1 && hMax % component.H == 0)
        {
            for (var y = 0; y < height; y++) { Widen(component, y, full.AsSpan(y * width, width)); }
        }
        else if (component.Width > 2 && h == 2 && v == 2 && hMax % component.H == 0 && vMax % component.V == 0)
        {
            WidenBoth(component, full, width, height);
        }
        else
        {
            for (var y = 0; y < height; y++)
            {
                var row = y * component.V / vMax * component.Stride;
                for (var x = 0; x < width; x++) { full[(y * width) + x] = component.Samples[row + (x * component.H / hMax)]; }
            }
        }
        return full;
    }

    private static void Widen(JpegComponent component, int y, Span<int> output)
    {
        var row = component.Samples.AsSpan(y * component.Stride, component.Width);
        for (var x = 0; x < output.Length; x++)
        {
            var i = x >> 1;
            output[x] = (x & 1) == 0
                ? i == 0 ? row[0] : ((3 * row[i]) + row[i - 1] + 1) >> 2
                : i == row.Length - 1 ? row[i] : ((3 * row[i]) + row[i + 1] + 2) >> 2;
        }
    }

    private static void WidenBoth(JpegComponent component, int[] full, int width, int height)
    {
        var sums = new int[component.Width];
        for (var y = 0; y < height; y++)
        {
            var near = y >> 1;
            var far = Math.Clamp((y & 1) == 0 ? near - 1 : near + 1, 0, component.Height - 1);
            for (var i = 0; i < sums.Length; i++) { sums[i] = (3 * component.Samples[(near * component.Stride) + i]) + component.Samples[(far * component.Stride) + i]; }
            var output = full.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
            {
                var i = x >> 1;
                output[x] = (x & 1) == 0
                    ? i == 0 ? ((4 * sums[0]) + 8) >> 4 : ((3 * sums[i]) + sums[i - 1] + 8) >> 4
                    : i == sums.Length - 1 ? ((4 * sums[i]) + 7) >> 4 : ((3 * sums[i]) + sums[i + 1] + 7) >> 4;
            }
        }
    }
}
