using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>How far a label moves when what it was computed from moves a little: its standard error on the logit scale. The same on every run.</summary>
internal static class LabelSpread
{
    private const int Resamples = 64;

    /// <summary>What moves with the material and what moves with the training patients are independent: their squares add up. Null where neither is known.</summary>
    public static double? Together(double? material, double disagreement) =>
        material is null && disagreement == 0 ? null : Math.Sqrt(((material ?? 0) * (material ?? 0)) + (disagreement * disagreement));

    /// <summary>Standard deviation of logits that should agree.</summary>
    public static double Of(ReadOnlySpan<double> logits)
    {
        var (mean, sum) = (0.0, 0.0);
        foreach (var logit in logits) { mean += logit / logits.Length; }
        foreach (var logit in logits) { sum += (logit - mean) * (logit - mean); }
        return Math.Sqrt(sum / Math.Max(1, logits.Length - 1));
    }

    /// <summary>Bootstrap over the items of a bag, from a fixed seed; null for a bag of one, which says nothing about its spread.</summary>
    public static double? OfBag(BagHead head, ReadOnlySpan<float> embeddings, int items)
    {
        if (items < 2) { return null; }
        var (size, state) = (head.Dimensions, 0x9E3779B9u);
        var bag = new float[embeddings.Length];
        var logits = new double[Resamples];
        for (var n = 0; n < Resamples; n++)
        {
            for (var item = 0; item < items; item++)
            {
                // Xorshift (Marsaglia 2003): enough for a bootstrap, and the same everywhere.
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                embeddings.Slice((int)(state % (uint)items) * size, size).CopyTo(bag.AsSpan(item * size));
            }
            logits[n] = head.Apply(bag, items).Logit;
        }
        return Of(logits);
    }
}
