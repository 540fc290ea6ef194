namespace BoneMet.FeatureExtraction.Explain;

/// <summary>An activation map brought to the cube's grid by trilinear interpolation.</summary>
internal static class EvidenceVolume
{
    /// <param name="map">m³ values, z × y × x.</param>
    /// <param name="mapSize">m.</param>
    /// <param name="size">Edge of the cube.</param>
    public static float[] Enlarge(double[] map, int mapSize, int size)
    {
        var result = new float[size * size * size];
        var (index, weight) = Steps(mapSize, size);
        for (var z = 0; z < size; z++)
        {
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    var sum = 0.0;
                    for (var corner = 0; corner < 8; corner++)
                    {
                        var (i, j, k) = (Math.Min(index[x] + (corner & 1), mapSize - 1), Math.Min(index[y] + (corner >> 1 & 1), mapSize - 1), Math.Min(index[z] + (corner >> 2), mapSize - 1));
                        var share = ((corner & 1) == 0 ? 1 - weight[x] : weight[x]) * ((corner & 2) == 0 ? 1 - weight[y] : weight[y]) * ((corner & 4) == 0 ? 1 - weight[z] : weight[z]);
                        sum += share * map[i + (mapSize * (j + (mapSize * k)))];
                    }
                    result[x + (size * (y + (size * z)))] = (float)sum;
                }
            }
        }
        return result;
    }

    /// <summary>Index of the voxel with the strongest evidence, for or against.</summary>
    public static int Peak(ReadOnlySpan<float> evidence)
    {
        var peak = 0;
        for (var n = 1; n < evidence.Length; n++)
        {
            if (Math.Abs(evidence[n]) > Math.Abs(evidence[peak])) { peak = n; }
        }
        return peak;
    }

    private static (int[] Index, double[] Weight) Steps(int mapSize, int size)
    {
        var (index, weight) = (new int[size], new double[size]);
        for (var n = 0; n < size; n++)
        {
            var at = Math.Clamp((((n + 0.5) * mapSize) / size) - 0.5, 0, mapSize - 1);
            index[n] = Math.Min((int)at, Math.Max(0, mapSize - 2));
            weight[n] = at - index[n];
        }
        return (index, weight);
    }
}
