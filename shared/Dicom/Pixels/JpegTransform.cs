namespace BoneMet.Dicom;

/// <summary>The accurate integer inverse DCT that libjpeg calls "islow" (Loeffler, Ligtenberg, Moschytz 1989), so that results agree with it bit by bit.</summary>
internal static class JpegTransform
{
    private const int ConstBits = 13;

    public static ReadOnlySpan<byte> ZigZag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>Transforms 64 dequantised coefficients and writes 8 x 8 samples of the precision (8 or 12 bits).</summary>
    public static void Inverse(Span<int> block, Span<int> output, int stride, int precision)
    {
        var pass1 = precision > 8 ? 1 : 2;
        for (var i = 0; i < 8; i++) { Pass(block, i, 8, ConstBits - pass1); }
        for (var i = 0; i < 8; i++) { Pass(block, i * 8, 1, ConstBits + pass1 + 3); }
        var centre = 1 << (precision - 1);
        var most = (1 << precision) - 1;
        for (var y = 0; y < 8; y++)
        {
            var row = output.Slice(y * stride, 8);
            for (var x = 0; x < 8; x++) { row[x] = Math.Clamp(block[(y * 8) + x] + centre, 0, most); }
        }
    }

    private static void Pass(Span<int> b, int at, int step, int shift)
    {
        var round = 1 << (shift - 1);
        int z2 = b[at + (2 * step)], z3 = b[at + (6 * step)];
        var z1 = (z2 + z3) * 4433;
        var tmp2 = z1 - (z3 * 15137);
        var tmp3 = z1 + (z2 * 6270);
        var tmp0 = (b[at] + b[at + (4 * step)]) << ConstBits;
        var tmp1 = (b[at] - b[at + (4 * step)]) << ConstBits;
        int tmp10 = tmp0 + tmp3, tmp13 = tmp0 - tmp3, tmp11 = tmp1 + tmp2, tmp12 = tmp1 - tmp2;

        tmp0 = b[at + (7 * step)];
        tmp1 = b[at + (5 * step)];
        tmp2 = b[at + (3 * step)];
        tmp3 = b[at + step];
        z1 = tmp0 + tmp3;
        z2 = tmp1 + tmp2;
        z3 = tmp0 + tmp2;
        var z4 = tmp1 + tmp3;
        var z5 = (z3 + z4) * 9633;
        tmp0 *= 2446;
        tmp1 *= 16819;
        tmp2 *= 25172;
        tmp3 *= 12299;
        z1 *= -7373;
        z2 *= -20995;
        z3 = (z3 * -16069) + z5;
        z4 = (z4 * -3196) + z5;
        tmp0 += z1 + z3;
        tmp1 += z2 + z4;
        tmp2 += z2 + z3;
        tmp3 += z1 + z4;

        b[at] = (tmp10 + tmp3 + round) >> shift;
        b[at + (7 * step)] = (tmp10 - tmp3 + round) >> shift;
        b[at + step] = (tmp11 + tmp2 + round) >> shift;
        b[at + (6 * step)] = (tmp11 - tmp2 + round) >> shift;
        b[at + (2 * step)] = (tmp12 + tmp1 + round) >> shift;
        b[at + (5 * step)] = (tmp12 - tmp1 + round) >> shift;
        b[at + (3 * step)] = (tmp13 + tmp0 + round) >> shift;
        b[at + (4 * step)] = (tmp13 - tmp0 + round) >> shift;
    }
}
