namespace BoneMet.Cohorts.Studies;

/// <summary>Round tick positions, as R's <c>pretty</c>.</summary>
internal static class PrettyAxis
{
    /// <summary>About <paramref name="count"/> + 1 equally spaced round values that cover the range.</summary>
    public static double[] Ticks(double low, double high, int count = 10)
    {
        const double bias = 1.5, bias5 = 2.75, slack = 1e-10;
        var span = high - low;
        var cell = Math.Max(Math.Abs(low), Math.Abs(high));
        var small = span < cell * (1 + (1 / (1 + bias))) * Math.Max(1, count) * double.Epsilon * 3 || span == 0;
        if (small)
        {
            if (cell == 0) { cell = 1; }
            cell = cell > 10 ? 9 + (cell / 10) : cell;
            cell *= 0.75 / (1 + bias);
        }
        else { cell = span / count; }
        var power = Math.Pow(10, Math.Floor(Math.Log10(cell)));
        var unit = power;
        if ((2 * power) - cell < bias * (cell - unit))
        {
            unit = 2 * power;
            if ((5 * power) - cell < bias5 * (cell - unit))
            {
                unit = 5 * power;
                if ((10 * power) - cell < bias * (cell - unit)) { unit = 10 * power; }
            }
        }
        var first = Math.Floor((low / unit) + 1e-7);
        var last = Math.Ceiling((high / unit) - 1e-7);
        while (first * unit > low + (slack * unit)) { first--; }
        while (last * unit < high - (slack * unit)) { last++; }
        var ticks = new double[(int)(last - first) + 1];
        for (var k = 0; k < ticks.Length; k++) { ticks[k] = Math.Round((first + k) * unit, 12); }
        return ticks;
    }
}
