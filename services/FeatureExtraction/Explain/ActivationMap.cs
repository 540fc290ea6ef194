using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Explain;

/// <summary>
/// Which positions of an item made its label: the exact decomposition of its share in the logit over the positions of the last feature map.
/// </summary>
/// <remarks>
/// The embedding is linear in the averages and maxima of the map (for the units that are on, where it is rectified), and the head is linear in the embedding, so the logit is a sum over positions:
/// each position carries 1/n of its value to an average and, where it is the maximum, all of it to the maximum (class-activation map: Zhou et al.,
/// "Learning deep features for discriminative localization", CVPR 2016, extended to maximum pooling).
/// </remarks>
internal static class ActivationMap
{
    /// <param name="map">Channels × positions.</param>
    /// <param name="projection">The encoder's last layer.</param>
    /// <param name="weights">Weight of each embedding dimension of this item in the logit (<see cref="BagHead.ItemWeights"/>).</param>
    /// <returns>One value per position; their sum and <see cref="Constant"/> are the item's share of the logit.</returns>
    public static double[] Of(ReadOnlySpan<float> map, LinearProjection projection, ReadOnlySpan<double> weights)
    {
        var channels = projection.Channels;
        var positions = map.Length / channels;
        var (average, maximum) = (new double[channels], new double[channels]);
        for (var d = 0; d < weights.Length; d++)
        {
            if (weights[d] == 0) { continue; }
            var row = projection.Row(d);
            for (var c = 0; c < channels; c++)
            {
                average[c] += weights[d] * row[c];
                maximum[c] += weights[d] * row[channels + c];
            }
        }
        var result = new double[positions];
        for (var c = 0; c < channels; c++)
        {
            var plane = map.Slice(c * positions, positions);
            var peak = 0;
            for (var p = 0; p < positions; p++)
            {
                result[p] += average[c] * plane[p] / positions;
                if (plane[p] > plane[peak]) { peak = p; }
            }
            result[peak] += maximum[c] * plane[peak];
        }
        return result;
    }

    /// <summary>What the projection's bias adds to the item's share, wherever the lesion is.</summary>
    public static double Constant(LinearProjection projection, ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        for (var d = 0; d < weights.Length; d++) { sum += weights[d] * projection.Bias(d); }
        return sum;
    }

    /// <summary>Evidence for the eye: each position against the median position, so that even background is zero.</summary>
    public static double[] Evidence(double[] map)
    {
        var sorted = (double[])map.Clone();
        Array.Sort(sorted);
        var median = sorted[sorted.Length / 2];
        return Array.ConvertAll(map, value => value - median);
    }
}
