namespace BoneMet.Imaging.Radiomics;

/// <summary>Symmetric grey level co-occurrence matrix at distance 1 and its 25 features (IBSI family LFYI).</summary>
internal sealed class CooccurrenceMatrix(int levels)
{
    private readonly double[] _counts = new double[(levels + 1) * (levels + 1)];

    public void Count(int a, int b)
    {
        _counts[(a * (levels + 1)) + b]++;
        _counts[(b * (levels + 1)) + a]++;
    }

    public void Add(CooccurrenceMatrix other)
    {
        for (var n = 0; n < _counts.Length; n++) { _counts[n] += other._counts[n]; }
    }

    /// <summary>In the order of <see cref="FeatureTable.Cooccurrence"/>; all NaN when there is no pair.</summary>
    public double[] Features()
    {
        var total = 0.0;
        foreach (var count in _counts) { total += count; }
        var f = new double[25];
        if (total == 0)
        {
            Array.Fill(f, double.NaN);
            return f;
        }
        var (marginal, difference, sum) = (new double[levels + 1], new double[levels], new double[(2 * levels) + 1]);
        for (var i = 1; i <= levels; i++)
        {
            for (var j = 1; j <= levels; j++)
            {
                var p = _counts[(i * (levels + 1)) + j] / total;
                if (p == 0) { continue; }
                marginal[i] += p;
                difference[Math.Abs(i - j)] += p;
                sum[i + j] += p;
                f[0] = Math.Max(f[0], p);
                f[1] += i * p;
                f[3] -= p * Math.Log2(p);
                f[10] += p * p;
                f[19] += (double)i * j * p;
            }
        }
        var mean = f[1];
        for (var k = 0; k < levels; k++)
        {
            var p = difference[k];
            var square = (double)k * k;
            f[4] += k * p;
            f[6] -= p > 0 ? p * Math.Log2(p) : 0;
            f[11] += square * p;
            f[13] += p / (1 + k);
            f[14] += p / (1 + ((double)k / levels));
            f[15] += p / (1 + square);
            f[16] += p / (1 + (square / ((double)levels * levels)));
            f[17] += k > 0 ? p / square : 0;
        }
        f[12] = f[4];
        for (var k = 0; k < levels; k++) { f[5] += difference[k] * (k - f[4]) * (k - f[4]); }
        for (var k = 2; k <= 2 * levels; k++)
        {
            f[7] += k * sum[k];
            f[9] -= sum[k] > 0 ? sum[k] * Math.Log2(sum[k]) : 0;
        }
        for (var k = 2; k <= 2 * levels; k++)
        {
            f[8] += sum[k] * (k - f[7]) * (k - f[7]);
            var d = k - (2 * mean);
            f[20] += sum[k] * d * d;
            f[21] += sum[k] * d * d * d;
            f[22] += sum[k] * d * d * d * d;
        }
        Correlate(f, marginal, total, mean);
        return f;
    }

    private void Correlate(double[] f, double[] marginal, double total, double mean)
    {
        var (entropy, cross, joint, covariance) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 1; i <= levels; i++)
        {
            f[2] += marginal[i] * (i - mean) * (i - mean);
            entropy -= marginal[i] > 0 ? marginal[i] * Math.Log2(marginal[i]) : 0;
            for (var j = 1; j <= levels; j++)
            {
                var product = marginal[i] * marginal[j];
                if (product == 0) { continue; }
                var p = _counts[(i * (levels + 1)) + j] / total;
                cross -= p * Math.Log2(product);
                joint -= product * Math.Log2(product);
                covariance += p * (i - mean) * (j - mean);
            }
        }
        f[18] = f[2] == 0 ? double.NaN : covariance / f[2];
        f[23] = entropy == 0 ? double.NaN : (f[3] - cross) / entropy;
        f[24] = Math.Sqrt(Math.Max(0, 1 - Math.Exp(-2 * (joint - f[3]))));
    }
}
