namespace BoneMet.RiskModels;

/// <summary>Round numbers that cover a range: R's <c>pretty(x, n)</c> with its default settings.</summary>
/// <remarks>R's appl/pretty.c, with high.u.bias 1.5, u5.bias 2.75, min.n = n div 3, shrink.sml 0.75 and rounding epsilon 1e-10.</remarks>
public static class PrettyTicks
{
    /// <summary>About <paramref name="n"/> intervals of 1, 2 or 5 times a power of ten, from at or below <paramref name="low"/> to at or above <paramref name="high"/>.</summary>
    public static double[] Of(double low, double high, int n)
    {
        const double Bias = 1.5;
        const double Bias5 = 0.5 + (1.5 * Bias);
        const double Epsilon = 1e-10;
        var least = n / 3;
        var width = high - low;
        double cell;
        bool small;
        if (width == 0 && high == 0)
        {
            cell = 1;
            small = true;
        }
        else
        {
            cell = Math.Max(Math.Abs(low), Math.Abs(high));
            var u = 1 + (Bias5 >= (1.5 * Bias) + 0.5 ? 1 / (1 + Bias) : 1.5 / (1 + Bias5));
            u *= Math.Max(1, n) * 2.220446049250313e-16;
            small = width < cell * u * 3;
        }
        if (small)
        {
            if (cell > 10) { cell = 9 + (cell / 10); }
            cell *= 0.75;
            if (least > 1) { cell /= least; }
        }
        else
        {
            cell = width;
            if (n > 1) { cell /= n; }
        }
        if (cell < 20 * 2.2250738585072014e-308) { cell = 20 * 2.2250738585072014e-308; }
        if (cell * 10 > double.MaxValue) { cell = 0.1 * double.MaxValue; }

        var power = Math.Pow(10, Math.Floor(Math.Log10(cell)));
        var unit = power;
        if ((2 * power) - cell < Bias * (cell - unit))
        {
            unit = 2 * power;
            if ((5 * power) - cell < Bias5 * (cell - unit))
            {
                unit = 5 * power;
                if ((10 * power) - cell < Bias * (cell - unit)) { unit = 10 * power; }
            }
        }
        var from = Math.Floor((low / unit) + Epsilon);
        var to = Math.Ceiling((high / unit) - Epsilon);
        while (from * unit > low + (Epsilon * unit)) { from--; }
        while (to * unit < high - (Epsilon * unit)) { to++; }
        var k = (int)(0.5 + (to - from));
        if (k < least)
        {
            k = least - k;
            if (low == 0 && from == 0 && high != 0) { to += k; }
            else if (high == 0 && to == 0 && low != 0) { from -= k; }
            else if (from >= 0)
            {
                to += k / 2;
                from = from - (k / 2) - (k % 2);
            }
            else
            {
                from -= k / 2;
                to = to + (k / 2) + (k % 2);
            }
        }

        // R computes the ticks as seq.int(from·unit, to·unit, length): start + i·step, then zeroes what is rounding noise.
        var count = (int)Math.Round(to - from);
        var ticks = new double[count + 1];
        var start = from * unit;
        var step = count == 0 ? 0 : ((to * unit) - start) / count;
        for (var i = 0; i <= count; i++)
        {
            ticks[i] = i == count ? to * unit : start + (i * step);
            if (count > 0 && Math.Abs(ticks[i]) < 1e-14 * Math.Abs(step)) { ticks[i] = 0; }
        }
        return ticks;
    }
}
