namespace BoneMet.Imaging.Radiomics;

/// <summary>
/// How often each pair of grey level and size stands in a region; size is a run length, zone size, zone distance or dependence count, and the features of all four families
/// share one set of formulas (IBSI TP0I, 9SAK, VMDZ, REK0).
/// </summary>
internal sealed class SizeMatrix
{
    private readonly SortedDictionary<(int Level, int Size), double> _counts = [];

    public void Add(int level, int size, double count = 1)
    {
        _counts.TryGetValue((level, size), out var before);
        _counts[(level, size)] = before + count;
    }

    public void Add(SizeMatrix other)
    {
        foreach (var (key, count) in other._counts) { Add(key.Level, key.Size, count); }
    }

    /// <summary>
    /// Emphases (small, large, low, high, small-low, small-high, large-low, large-high), non-uniformities (level, normalised; size, normalised), percentage, variances (level, size),
    /// entropy, energy.
    /// </summary>
    /// <param name="voxels">Voxels that the matrices were counted over, for the percentage.</param>
    public double[] Features(double voxels)
    {
        var result = new double[17];
        var total = 0.0;
        foreach (var count in _counts.Values) { total += count; }
        if (total == 0)
        {
            Array.Fill(result, double.NaN);
            return result;
        }
        var (levels, sizes) = (new SortedDictionary<int, double>(), new SortedDictionary<int, double>());
        var (meanLevel, meanSize) = (0.0, 0.0);
        foreach (var ((level, size), count) in _counts)
        {
            var (p, i2, j2) = (count / total, (double)level * level, (double)size * size);
            result[0] += p / j2;
            result[1] += p * j2;
            result[2] += p / i2;
            result[3] += p * i2;
            result[4] += p / (i2 * j2);
            result[5] += p * i2 / j2;
            result[6] += p * j2 / i2;
            result[7] += p * i2 * j2;
            result[15] -= p * Math.Log2(p);
            result[16] += p * p;
            meanLevel += p * level;
            meanSize += p * size;
            levels[level] = levels.GetValueOrDefault(level) + count;
            sizes[size] = sizes.GetValueOrDefault(size) + count;
        }
        foreach (var count in levels.Values) { result[8] += count * count / total; }
        foreach (var count in sizes.Values) { result[10] += count * count / total; }
        (result[9], result[11], result[12]) = (result[8] / total, result[10] / total, total / voxels);
        foreach (var ((level, size), count) in _counts)
        {
            result[13] += count / total * (level - meanLevel) * (level - meanLevel);
            result[14] += count / total * (size - meanSize) * (size - meanSize);
        }
        return result;
    }
}
