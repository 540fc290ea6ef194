namespace BoneMet.Cli.Demo;

/// <summary>Noise as a pure function of seed and place: the same on every machine and in any order of evaluation. Integers and + − × ÷ only, no sine.</summary>
internal sealed class HashNoise(int seed)
{
    private readonly uint _seed = Mix((uint)seed + 0x9E3779B9);

    /// <summary>Uniform in [0, 1).</summary>
    public float At(int x, int y, int z = 0) => (Hash(x, y, z) >> 8) * (1f / (1 << 24));

    /// <summary>Smooth noise in [0, 1): values on a lattice of the given pitch, joined by a cubic.</summary>
    public float Smooth(float x, float y, float pitch, int layer = 0)
    {
        var (u, v) = (x / pitch, y / pitch);
        var (i, j) = ((int)MathF.Floor(u), (int)MathF.Floor(v));
        var (s, t) = (Ease(u - i), Ease(v - j));
        var top = Mixed(At(i, j, layer), At(i + 1, j, layer), s);
        var bottom = Mixed(At(i, j + 1, layer), At(i + 1, j + 1, layer), s);
        return Mixed(top, bottom, t);
    }

    /// <summary>Near-normal with mean 0 and deviation 1: the sum of four uniforms, scaled.</summary>
    public float Normal(int x, int y, int z)
    {
        var first = Hash(x, y, z);
        var second = Mix(first + 0x68E31DA4);
        var sum = (first & 0xFFFF) + (first >> 16) + (second & 0xFFFF) + (second >> 16);
        return ((sum / 65536f) - 2f) * 1.7320508f;
    }

    private uint Hash(int x, int y, int z) => Mix(_seed ^ Mix((uint)x * 0x85EBCA6B ^ Mix((uint)y * 0xC2B2AE35 ^ Mix((uint)z + 0x27D4EB2F))));

    private static uint Mix(uint h)
    {
        h ^= h >> 16;
        h *= 0x7FEB352D;
        h ^= h >> 15;
        h *= 0x846CA68B;
        return h ^ (h >> 16);
    }

    private static float Ease(float t) => t * t * (3 - (2 * t));

    private static float Mixed(float a, float b, float t) => a + ((b - a) * t);
}
