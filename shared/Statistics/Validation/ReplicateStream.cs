namespace BoneMet.Statistics.Validation;

/// <summary>Random numbers of one replicate: xoshiro256**, its state from SplitMix64 of (seed, replicate).</summary>
/// <remarks>Blackman and Vigna 2021, ACM TOMS 47:36; bounded numbers by Lemire 2019, ACM TOMACS 29:3.</remarks>
internal struct ReplicateStream
{
    private ulong _a, _b, _c, _d;

    public ReplicateStream(ulong seed, ulong replicate)
    {
        var state = seed;
        state = Mix(ref state) ^ (replicate * 0xD1342543DE82EF95);
        (_a, _b, _c, _d) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state));
    }

    /// <summary>Whole number from 0 to bound − 1.</summary>
    public int Next(int bound)
    {
        var wide = (ulong)(uint)(Bits() >> 32) * (uint)bound;
        if ((uint)wide < (uint)bound)
        {
            var reject = (uint)-bound % (uint)bound;
            while ((uint)wide < reject) { wide = (ulong)(uint)(Bits() >> 32) * (uint)bound; }
        }
        return (int)(wide >> 32);
    }

    /// <summary>A permutation of 0 … n − 1 (Fisher–Yates).</summary>
    public int[] Permutation(int n)
    {
        var order = Enumerable.Range(0, n).ToArray();
        for (var i = n - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private ulong Bits()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    private static ulong Mix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
