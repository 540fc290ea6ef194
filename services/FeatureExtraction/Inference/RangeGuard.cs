namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Whether a pooled embedding lies in the range seen in training: its Mahalanobis distance against a threshold set on patients that were not learned from.</summary>
internal sealed class RangeGuard
{
    private readonly float[] _mean;
    private readonly float[] _precision;

    /// <exception cref="FormatException">The document does not fit the embedding.</exception>
    public RangeGuard(GuardDocument document, int dimensions)
    {
        (_mean, _precision, Threshold) = (EncoderSession.Floats(document.Mean), EncoderSession.Floats(document.Precision), document.Threshold);
        if (_mean.Length != dimensions || _precision.Length != dimensions * dimensions || !(Threshold > 0)) { throw new FormatException("A guard does not fit its embedding."); }
    }

    public double Threshold { get; }

    /// <summary>√((e − μ)ᵀ P (e − μ)).</summary>
    public double Distance(ReadOnlySpan<float> pooled)
    {
        var total = 0.0;
        for (var row = 0; row < _mean.Length; row++)
        {
            var sum = 0.0;
            for (var column = 0; column < _mean.Length; column++) { sum += (double)_precision[(row * _mean.Length) + column] * (pooled[column] - _mean[column]); }
            total += sum * (pooled[row] - _mean[row]);
        }
        return Math.Sqrt(Math.Max(0, total));
    }
}
