using System.Numerics.Tensors;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>
/// From a bag of embeddings to a label: pooling over the items (maximum, mean or gated attention), then a linear layer, divided by a
/// temperature. Sums run in the order of the items, in double precision, so the result is the same on every run.
/// </summary>
/// <remarks>Gated attention: Ilse, Tomczak, Welling, "Attention-based deep multiple instance learning", ICML 2018, equation 9.</remarks>
internal sealed class BagHead
{
    private readonly float[] _weights;
    private readonly double _bias;
    private readonly double _temperature;
    private readonly string _pooling;
    private readonly float[]? _v;
    private readonly float[]? _u;
    private readonly float[]? _w;

    private BagHead(HeadDocument document, float[] weights, float[]? v = null, float[]? u = null, float[]? w = null)
    {
        (CancerType, _pooling, _weights, _bias, _temperature, _v, _u, _w) = (document.CancerType, document.Pooling, weights, document.Bias, document.Temperature, v, u, w);
        Ensemble = document.Ensemble is { } members ? EncoderSession.Floats(members) : [];
        if (Ensemble.Length % (weights.Length + 1) != 0) { throw new FormatException("A head's ensemble does not fit its embedding."); }
    }

    /// <summary>"*" is any.</summary>
    public string CancerType { get; }

    public int Dimensions => _weights.Length;

    /// <summary>Members × (weights, then bias): the head as other patients of the same cohort would have made it. Empty when it has none.</summary>
    private float[] Ensemble { get; }

    /// <summary>Weight of one dimension of the pooled embedding, temperature included.</summary>
    public double Weight(int dimension) => _weights[dimension] / _temperature;

    /// <summary>Bias, temperature included.</summary>
    public double Bias => _bias / _temperature;

    /// <exception cref="FormatException">The document does not fit the embedding.</exception>
    public static BagHead From(HeadDocument document, int dimensions)
    {
        var weights = EncoderSession.Floats(document.Weights);
        if (weights.Length != dimensions) { throw new FormatException($"A head has {weights.Length} weights for {dimensions} dimensions."); }
        if (!(document.Temperature > 0) || !float.IsFinite(document.Bias)) { throw new FormatException("A head's temperature or bias is not usable."); }
        switch (document.Pooling)
        {
            case "max" or "mean":
                return new(document, weights);
            case "attention" when document.Attention is { } attention:
                var (v, u, w) = (EncoderSession.Floats(attention.V), EncoderSession.Floats(attention.U), EncoderSession.Floats(attention.W));
                if (attention.Hidden < 1 || v.Length != attention.Hidden * dimensions || u.Length != v.Length || w.Length != attention.Hidden) { throw new FormatException("A head's attention does not fit its embedding."); }
                return new(document, weights, v, u, w);
            default:
                throw new FormatException($"Pooling '{document.Pooling}' is not known.");
        }
    }

    /// <param name="embeddings">Items × D, one after another.</param>
    /// <param name="items">At least one.</param>
    public BagResult Apply(ReadOnlySpan<float> embeddings, int items)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(embeddings.Length, items * Dimensions);
        return _pooling == "max" ? Maximum(embeddings, items) : Weighted(embeddings, items, _pooling == "mean" ? Even(items) : Attention(embeddings, items));
    }

    /// <summary>How far the members of the ensemble disagree about a pooled embedding: a standard deviation on the logit scale; 0 without an ensemble.</summary>
    public double Disagreement(ReadOnlySpan<float> pooled)
    {
        var stride = Dimensions + 1;
        if (Ensemble.Length < 2 * stride) { return 0; }
        var logits = new double[Ensemble.Length / stride];
        for (var member = 0; member < logits.Length; member++)
        {
            var weights = Ensemble.AsSpan(member * stride, stride);
            var sum = (double)weights[Dimensions];
            for (var d = 0; d < Dimensions; d++) { sum += (double)weights[d] * pooled[d]; }
            logits[member] = sum / _temperature;
        }
        return Labels.LabelSpread.Of(logits);
    }

    /// <summary>Weight of each dimension of one item's own embedding in the logit; with them the item's share is a plain sum.</summary>
    public double[] ItemWeights(ReadOnlySpan<float> embeddings, int items, BagResult bag, int item)
    {
        var weights = new double[Dimensions];
        for (var d = 0; d < Dimensions; d++)
        {
            // A unit that a rectified embedding has switched off carries nothing, wherever its parts came from.
            if (embeddings[(item * Dimensions) + d] == 0) { continue; }
            var part = _pooling != "max" ? bag.Attention[item] : Winner(embeddings, items, d) == item ? 1 : 0;
            weights[d] = part * Weight(d);
        }
        return weights;
    }

    private int Winner(ReadOnlySpan<float> embeddings, int items, int dimension)
    {
        var winner = 0;
        for (var item = 1; item < items; item++)
        {
            if (embeddings[(item * Dimensions) + dimension] > embeddings[(winner * Dimensions) + dimension]) { winner = item; }
        }
        return winner;
    }

    private BagResult Maximum(ReadOnlySpan<float> embeddings, int items)
    {
        var pooled = embeddings[..Dimensions].ToArray();
        var winner = new int[Dimensions];
        for (var item = 1; item < items; item++)
        {
            var row = embeddings.Slice(item * Dimensions, Dimensions);
            for (var d = 0; d < row.Length; d++)
            {
                if (row[d] > pooled[d]) { (pooled[d], winner[d]) = (row[d], item); }
            }
        }
        var shares = new double[items];
        var attention = new double[items];
        for (var d = 0; d < pooled.Length; d++)
        {
            shares[winner[d]] += Weight(d) * pooled[d];
            attention[winner[d]] += 1.0 / Dimensions;
        }
        return new(Logit(pooled), pooled, shares, attention);
    }

    private BagResult Weighted(ReadOnlySpan<float> embeddings, int items, double[] attention)
    {
        var sums = new double[Dimensions];
        var shares = new double[items];
        for (var item = 0; item < items; item++)
        {
            var row = embeddings.Slice(item * Dimensions, Dimensions);
            for (var d = 0; d < row.Length; d++)
            {
                sums[d] += attention[item] * row[d];
                shares[item] += Weight(d) * attention[item] * row[d];
            }
        }
        var pooled = new float[Dimensions];
        for (var d = 0; d < pooled.Length; d++) { pooled[d] = (float)sums[d]; }
        return new(Logit(pooled), pooled, shares, attention);
    }

    private double Logit(ReadOnlySpan<float> pooled)
    {
        var sum = _bias;
        for (var d = 0; d < pooled.Length; d++) { sum += (double)_weights[d] * pooled[d]; }
        return sum / _temperature;
    }

    private static double[] Even(int items)
    {
        var weights = new double[items];
        Array.Fill(weights, 1.0 / items);
        return weights;
    }

    private double[] Attention(ReadOnlySpan<float> embeddings, int items)
    {
        var scores = new double[items];
        var largest = double.NegativeInfinity;
        for (var item = 0; item < items; item++)
        {
            var row = embeddings.Slice(item * Dimensions, Dimensions);
            var score = 0.0;
            for (var h = 0; h < _w!.Length; h++)
            {
                var value = Math.Tanh(TensorPrimitives.Dot(_v.AsSpan(h * Dimensions, Dimensions), row));
                var gate = 1 / (1 + Math.Exp(-TensorPrimitives.Dot(_u.AsSpan(h * Dimensions, Dimensions), row)));
                score += _w[h] * value * gate;
            }
            scores[item] = score;
            largest = Math.Max(largest, score);
        }
        var sum = 0.0;
        for (var item = 0; item < items; item++) { sum += scores[item] = Math.Exp(scores[item] - largest); }
        for (var item = 0; item < items; item++) { scores[item] /= sum; }
        return scores;
    }
}
