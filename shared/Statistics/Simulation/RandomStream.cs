namespace BoneMet.Statistics.Simulation;

/// <summary>A stream of random numbers that depends only on its seed and number, never on threads: xoshiro256++ started by SplitMix64.</summary>
/// <remarks>Blackman and Vigna 2019. Streams of one seed differ in their number, so that work can be split over threads.</remarks>
public sealed class RandomStream
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts stream <paramref name="number"/> of <paramref name="seed"/>.</summary>
    public RandomStream(long seed, long number = 0)
    {
        var state = unchecked(((ulong)seed * 0xD1342543DE82EF95UL) + ((ulong)number * 0x9E3779B97F4A7C15UL) + 0x632BE59BD9B4E019UL);
        _a = Split(ref state);
        _b = Split(ref state);
        _c = Split(ref state);
        _d = Split(ref state);
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform integer in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)(((UInt128)Next() * (ulong)bound) >> 64);

    /// <summary>Standard normal (Box and Muller, one of the pair).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Exponential with mean 1.</summary>
    public double Exponential() => -Math.Log(1 - Uniform());

    /// <summary>χ² with <paramref name="df"/> degrees of freedom, df ≥ 1 (Marsaglia and Tsang 2000).</summary>
    public double ChiSquare(double df)
    {
        var shape = df / 2;
        var boost = 1.0;
        if (shape < 1)
        {
            boost = Math.Pow(1 - Uniform(), 1 / shape);
            shape++;
        }
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            if (v <= 0) { continue; }
            v = v * v * v;
            if (Math.Log(1 - Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) { return 2 * d * v * boost; }
        }
    }

    /// <summary>Index drawn with probability proportional to <paramref name="shares"/>.</summary>
    public int Pick(ReadOnlySpan<double> shares)
    {
        var total = 0.0;
        foreach (var share in shares) { total += share; }
        var at = Uniform() * total;
        for (var i = 0; i < shares.Length; i++)
        {
            at -= shares[i];
            if (at < 0) { return i; }
        }
        return shares.Length - 1;
    }

    private ulong Next()
    {
        unchecked
        {
            var result = ulong.RotateLeft(_a + _d, 23) + _a;
            var t = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= t;
            _d = ulong.RotateLeft(_d, 45);
            return result;
        }
    }

    private static ulong Split(ref ulong state)
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
