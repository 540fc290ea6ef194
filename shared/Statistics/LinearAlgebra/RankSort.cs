namespace BoneMet.Statistics.LinearAlgebra;

/// <summary>Ascending order of doubles in linear time: two counting passes on a 22-bit image of the value, then exact finishing within each bucket.</summary>
internal static class RankSort
{
    private const int Bits = 11;
    private const int Mask = (1 << Bits) - 1;

    /// <summary>Indices of the values in ascending order; equal values keep their order. Values must not be NaN.</summary>
    public static int[] Order(ReadOnlySpan<double> values)
    {
        var order = new int[values.Length];
        Order(values, order, new int[values.Length], new int[values.Length]);
        return order;
    }

    /// <summary>The same into caller's buffers (all of the values' length).</summary>
    public static void Order(ReadOnlySpan<double> values, Span<int> order, Span<int> keys, Span<int> scratch)
    {
        var n = values.Length;
        if (n == 0) { return; }
        double low = values[0], high = values[0];
        foreach (var value in values)
        {
            if (value < low) { low = value; }
            if (value > high) { high = value; }
        }
        var range = high - low;
        if (!double.IsFinite(range))
        {
            // Infinite values: clip the image, the exact finishing does the rest.
            (low, high) = (-1e300, 1e300);
            range = 2e300;
        }
        var factor = range > 0 ? ((1 << (2 * Bits)) - 1) / range : 0;
        if (!double.IsFinite(factor)) { factor = 0; }
        Span<int> lowCount = stackalloc int[1 << Bits];
        Span<int> highCount = stackalloc int[1 << Bits];
        lowCount.Clear();
        highCount.Clear();
        for (var i = 0; i < n; i++)
        {
            var key = (int)((Math.Clamp(values[i], low, high) - low) * factor);
            keys[i] = key;
            lowCount[key & Mask]++;
            highCount[key >> Bits]++;
        }
        int lowAt = 0, highAt = 0;
        for (var b = 0; b <= Mask; b++)
        {
            (lowCount[b], lowAt) = (lowAt, lowAt + lowCount[b]);
            (highCount[b], highAt) = (highAt, highAt + highCount[b]);
        }
        for (var i = 0; i < n; i++) { scratch[lowCount[keys[i] & Mask]++] = i; }
        for (var i = 0; i < n; i++)
        {
            var row = scratch[i];
            order[highCount[keys[row] >> Bits]++] = row;
        }
        for (var start = 0; start < n;)
        {
            var end = start + 1;
            var key = keys[order[start]];
            while (end < n && keys[order[end]] == key) { end++; }
            if (end - start > 1) { Finish(values, order[start..end]); }
            start = end;
        }
    }

    private static void Finish(ReadOnlySpan<double> values, Span<int> order)
    {
        if (order.Length > 24)
        {
            var equal = true;
            for (var i = 1; i < order.Length && equal; i++) { equal = values[order[i]] == values[order[0]]; }
            if (equal) { return; }
            var keyed = new (double Value, int Row)[order.Length];
            for (var i = 0; i < order.Length; i++) { keyed[i] = (values[order[i]], order[i]); }
            Array.Sort(keyed);
            for (var i = 0; i < order.Length; i++) { order[i] = keyed[i].Row; }
            return;
        }
        for (var i = 1; i < order.Length; i++)
        {
            var row = order[i];
            var value = values[row];
            var j = i - 1;
            while (j >= 0 && values[order[j]] > value) { order[j + 1] = order[j]; j--; }
            order[j + 1] = row;
        }
    }
}
