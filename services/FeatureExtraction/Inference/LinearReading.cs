namespace BoneMet.FeatureExtraction.Inference;

/// <summary>A deterministic property that the encoder has learned to read without a mask.</summary>
internal sealed class LinearReading
{
    private readonly float[] _weights;
    private readonly double _bias;

    /// <exception cref="FormatException">The document does not fit the embedding.</exception>
    public LinearReading(ReadingDocument document, int dimensions)
    {
        (Name, _weights, _bias) = (document.Name, EncoderSession.Floats(document.Weights), document.Bias);
        if (_weights.Length != dimensions) { throw new FormatException($"The reading {Name} does not fit its embedding."); }
    }

    public string Name { get; }

    public double Of(ReadOnlySpan<float> pooled)
    {
        var sum = _bias;
        for (var d = 0; d < _weights.Length; d++) { sum += (double)_weights[d] * pooled[d]; }
        return sum;
    }
}
