namespace BoneMet.Imaging.Radiomics;

/// <summary>Neighbourhood grey tone difference matrix (IBSI family IPET).</summary>
internal sealed class ToneDifference(int levels)
{
    private readonly double[] _sums = new double[levels + 1];
    private readonly double[] _counts = new double[levels + 1];

    public void Count(int level, double difference)
    {
        _sums[level] += difference;
        _counts[level]++;
    }

    public void Add(ToneDifference other)
    {
        for (var level = 1; level <= levels; level++)
        {
            _sums[level] += other._sums[level];
            _counts[level] += other._counts[level];
        }
    }

    /// <summary>In the order of <see cref="FeatureTable.ToneDifference"/>; all NaN when no voxel has a neighbour.</summary>
    public double[] Features()
    {
        double total = 0, sum = 0, weighted = 0;
        var present = 0;
        for (var level = 1; level <= levels; level++)
        {
            total += _counts[level];
            sum += _sums[level];
            present += _counts[level] > 0 ? 1 : 0;
        }
        if (total == 0) { return [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]; }
        double contrast = 0, busyness = 0, complexity = 0, strength = 0;
        for (var i = 1; i <= levels; i++)
        {
            if (_counts[i] == 0) { continue; }
            var p = _counts[i] / total;
            weighted += p * _sums[i];
            for (var j = 1; j <= levels; j++)
            {
                if (_counts[j] == 0) { continue; }
                var q = _counts[j] / total;
                var distance = (double)Math.Abs(i - j);
                contrast += p * q * distance * distance;
                busyness += Math.Abs((i * p) - (j * q));
                complexity += distance * ((p * _sums[i]) + (q * _sums[j])) / (p + q);
                strength += (p + q) * distance * distance;
            }
        }
        return
        [
            weighted == 0 ? 1e6 : 1 / weighted, present < 2 ? 0 : contrast / (present * (present - 1.0)) * sum / total, present < 2 || busyness == 0 ? 0 : weighted / busyness, complexity / total,
            sum == 0 ? 0 : strength / sum,
        ];
    }
}
