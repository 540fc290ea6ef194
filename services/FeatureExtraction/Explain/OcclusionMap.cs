using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Explain;

/// <summary>
/// Which regions of a cube make its label: each in turn is painted over with the background and the cube is encoded again. The strength of a region
/// is the length of the change in the weighted embedding, so that effects which cancel in the sum still show; its sign is that of the fall of the logit.
/// </summary>
/// <remarks>Occlusion: Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.</remarks>
internal static class OcclusionMap
{
    /// <summary>Regions along each axis. Their centres stand at 2/8 … 6/8 of the edge; each is a quarter of the edge wide.</summary>
    public const int Regions = 5;
    private const int Eighths = 8;

    /// <param name="session">The encoder.</param>
    /// <param name="cube">One item: channels × z × y × x.</param>
    /// <param name="embedding">Its embedding.</param>
    /// <param name="weights">Weight of each dimension of this item in the logit (<see cref="BagHead.ItemWeights"/>).</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>Regions³ values, z × y × x.</returns>
    public static double[] Of(EncoderSession session, ReadOnlySpan<float> cube, ReadOnlySpan<float> embedding, ReadOnlySpan<double> weights, CancellationToken cancellation)
    {
        var (size, length, dimensions) = (session.Card.Input.Size, session.Card.Input.ItemLength, session.Card.Output.Embedding);
        var background = Background(cube, length / (size * size * size));
        var effect = new double[Regions * Regions * Regions];
        var batch = new float[session.LargestBatch * length];
        var embeddings = new float[session.LargestBatch * dimensions];
        for (var done = 0; done < effect.Length;)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(session.LargestBatch, effect.Length - done);
            for (var n = 0; n < count; n++)
            {
                var item = batch.AsSpan(n * length, length);
                cube.CopyTo(item);
                Paint(item, done + n, size, background);
            }
            session.Encode<float>(batch.AsSpan(0, count * length), count, embeddings.AsSpan(0, count * dimensions));
            for (var n = 0; n < count; n++) { effect[done + n] = Effect(embedding, embeddings.AsSpan(n * dimensions, dimensions), weights); }
            done += count;
        }
        return effect;
    }

    /// <summary>The map on the cube's grid, trilinear between the regions' centres, fading out beyond the outermost.</summary>
    public static float[] Enlarge(double[] effect, int size)
    {
        var result = new float[size * size * size];
        for (var n = 0; n < result.Length; n++)
        {
            var (x, y, z) = (Axis(n % size, size), Axis(n / size % size, size), Axis(n / (size * size), size));
            var sum = 0.0;
            for (var corner = 0; corner < 8; corner++)
            {
                var (i, j, k) = (x.Index + (corner & 1), y.Index + (corner >> 1 & 1), z.Index + (corner >> 2));
                if (i is < 0 or >= Regions || j is < 0 or >= Regions || k is < 0 or >= Regions) { continue; }
                var share = ((corner & 1) == 0 ? 1 - x.Weight : x.Weight) * ((corner & 2) == 0 ? 1 - y.Weight : y.Weight) * ((corner & 4) == 0 ? 1 - z.Weight : z.Weight);
                sum += share * effect[i + (Regions * (j + (Regions * k)))];
            }
            result[n] = (float)sum;
        }
        return result;
    }

    private static (int Index, double Weight) Axis(int voxel, int size)
    {
        var at = ((voxel + 0.5) * Eighths / size) - 2;
        var index = (int)Math.Floor(at);
        return (index, at - index);
    }

    private static void Paint(Span<float> item, int region, int size, float[] background)
    {
        var (step, voxels) = (size / Eighths, size * size * size);
        var (x, y, z) = ((1 + (region % Regions)) * step, (1 + (region / Regions % Regions)) * step, (1 + (region / (Regions * Regions))) * step);
        for (var channel = 0; channel < background.Length; channel++)
        {
            for (var k = z; k < z + (2 * step); k++)
            {
                for (var j = y; j < y + (2 * step); j++) { item.Slice((channel * voxels) + x + (size * (j + (size * k))), 2 * step).Fill(background[channel]); }
            }
        }
    }

    private static double Effect(ReadOnlySpan<float> whole, ReadOnlySpan<float> painted, ReadOnlySpan<double> weights)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var d = 0; d < weights.Length; d++)
        {
            var change = weights[d] * (whole[d] - painted[d]);
            sum += change;
            squares += change * change;
        }
        return Math.CopySign(Math.Sqrt(squares), sum);
    }

    /// <summary>The median of each channel.</summary>
    private static float[] Background(ReadOnlySpan<float> cube, int channels)
    {
        var (background, voxels) = (new float[channels], cube.Length / channels);
        var sorted = new float[voxels];
        for (var channel = 0; channel < channels; channel++)
        {
            cube.Slice(channel * voxels, voxels).CopyTo(sorted);
            Array.Sort(sorted);
            background[channel] = sorted[voxels / 2];
        }
        return background;
    }
}
