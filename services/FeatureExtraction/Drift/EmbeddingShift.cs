using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Drift;

/// <summary>How far the mean embedding of some cases lies from that of a reference: root mean square over the directions, in the reference's standard deviations. Chance alone gives about √(1/n + 1/m).</summary>
internal static class EmbeddingShift
{
    /// <summary>From the training data, whose mean and covariance the encoder's guard holds.</summary>
    public static double FromTraining(RangeGuard guard, IReadOnlyList<float[]> cases)
    {
        var mean = Mean(cases);
        return guard.Distance([.. mean.Select(value => (float)value)]) / Math.Sqrt(mean.Length);
    }

    /// <summary>From other cases; directions in which those do not vary are left out.</summary>
    public static double FromCases(IReadOnlyList<float[]> reference, IReadOnlyList<float[]> cases)
    {
        var (before, now) = (Mean(reference), Mean(cases));
        var (sum, directions) = (0.0, 0);
        for (var d = 0; d < before.Length; d++)
        {
            var variance = reference.Sum(embedding => (embedding[d] - before[d]) * (embedding[d] - before[d])) / Math.Max(1, reference.Count - 1);
            if (!(variance > 1e-12)) { continue; }
            sum += (now[d] - before[d]) * (now[d] - before[d]) / variance;
            directions++;
        }
        return directions == 0 ? 0 : Math.Sqrt(sum / directions);
    }

    private static double[] Mean(IReadOnlyList<float[]> cases)
    {
        var mean = new double[cases[0].Length];
        foreach (var embedding in cases)
        {
            for (var d = 0; d < mean.Length; d++) { mean[d] += embedding[d] / (double)cases.Count; }
        }
        return mean;
    }
}
