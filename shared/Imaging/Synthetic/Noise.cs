namespace BoneMet.Imaging.Synthetic;

/// <summary>Repeatable noise: integers mixed by SplitMix64, the same on every machine.</summary>
internal struct Noise(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Mixes a value (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).</summary>
    public static ulong Mix(ulong z)
    {
        z = unchecked(z + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15UL);
        return (Mix(_state) >> 11) * (1.0 / (1UL << 53));
    }

    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>Standard normal (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>A value in [-1, 1) at a lattice point.</summary>
    public static float Lattice(ulong seed, int x, int y, int z)
    {
        var key = unchecked(((ulong)(uint)x * 0x8DA6B343UL) ^ ((ulong)(uint)y * 0xD8163841UL << 16) ^ ((ulong)(uint)z * 0xCB1AB31FUL << 32) ^ seed);
        return ((Mix(key) >> 40) * (2f / (1 << 24))) - 1f;
    }

    /// <summary>Smooth noise in [-1, 1]: lattice values interpolated with a smooth step; the lattice constant is 1.</summary>
    public static float Smooth(ulong seed, double x, double y, double z)
    {
        var (i, j, k) = ((int)Math.Floor(x), (int)Math.Floor(y), (int)Math.Floor(z));
        var (u, v, w) = (Fade((float)(x - i)), Fade((float)(y - j)), Fade((float)(z - k)));
        var low = Between(
            Between(Lattice(seed, i, j, k), Lattice(seed, i + 1, j, k), u), Between(Lattice(seed, i, j + 1, k), Lattice(seed, i + 1, j + 1, k), u), v);
        var high = Between(
            Between(Lattice(seed, i, j, k + 1), Lattice(seed, i + 1, j, k + 1), u), Between(Lattice(seed, i, j + 1, k + 1), Lattice(seed, i + 1, j + 1, k + 1), u), v);
        return Between(low, high, w);
    }

    private static float Fade(float t) => t * t * (3 - (2 * t));

    private static float Between(float a, float b, float t) => a + ((b - a) * t);
}
