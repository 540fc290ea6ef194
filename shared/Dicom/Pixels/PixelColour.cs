namespace BoneMet.Dicom;

internal static class PixelColour
{
    /// <summary>YBR_FULL to RGB in 8 bits, PS3.3 C.7.6.3.1.2 (the equations of JFIF).</summary>
    public static int[] YbrFullToRgb(int[] ybr)
    {
        var rgb = GC.AllocateUninitializedArray<int>(ybr.Length);
        for (var i = 0; i + 2 < ybr.Length; i += 3) { Convert(ybr[i], ybr[i + 1], ybr[i + 2], rgb.AsSpan(i, 3)); }
        return rgb;
    }

    /// <summary>One pixel, with the 16-bit fixed-point constants and rounding of libjpeg.</summary>
    public static void Convert(int y, int cb, int cr, Span<int> rgb)
    {
        const int Half = 1 << 15;
        (cb, cr) = (cb - 128, cr - 128);
        rgb[0] = Clamp(y + (((91881 * cr) + Half) >> 16));
        rgb[1] = Clamp(y + (((-22554 * cb) - (46802 * cr) + Half) >> 16));
        rgb[2] = Clamp(y + (((116130 * cb) + Half) >> 16));
    }

    private static int Clamp(int value) => Math.Clamp(value, 0, 255);
}
