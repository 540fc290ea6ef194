using BoneMet.FeatureExtraction.Catalogue;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>The golden input, made from integers alone (bonemet_training/golden.py makes the same bytes).</summary>
internal static class GoldenInput
{
    /// <summary>Float32 in [0, 1): the top 24 bits of each word, exact in float32.</summary>
    public static float[] Volume(EncoderInput input, int items, uint seed) => Floats(items * input.ItemLength, seed);

    /// <summary>The same for any number of values.</summary>
    public static float[] Floats(int count, uint seed)
    {
        var values = new float[count];
        for (var i = 0; i < values.Length; i++) { values[i] = (Word(i, seed) >> 8) / (float)(1 << 24); }
        return values;
    }

    /// <summary>Bytes: the top 8 bits of each word.</summary>
    public static byte[] Tiles(EncoderInput input, int items, uint seed)
    {
        var values = new byte[items * input.ItemLength];
        for (var i = 0; i < values.Length; i++) { values[i] = (byte)(Word(i, seed) >> 24); }
        return values;
    }

    /// <summary>A 32-bit mix of index and seed: the finaliser of MurmurHash3.</summary>
    private static uint Word(int index, uint seed)
    {
        var h = unchecked(((uint)index * 2654435761u) + seed);
        h ^= h >> 16;
        h = unchecked(h * 0x85EBCA6Bu);
        h ^= h >> 13;
        h = unchecked(h * 0xC2B2AE35u);
        return h ^ (h >> 16);
    }
}
