namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Embedding = weights · (average over positions ++ maximum over positions) + bias, rectified where the encoder says so.</summary>
internal sealed class LinearProjection
{
    private readonly float[] _weights;
    private readonly float[] _bias;

    /// <param name="weights">D × 2C, row by row: C for the averages, C for the maxima.</param>
    /// <param name="bias">D values.</param>
    /// <param name="channels">C.</param>
    /// <param name="embedding">D.</param>
    public LinearProjection(float[] weights, float[] bias, int channels, int embedding)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, embedding * 2 * channels);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, embedding);
        (_weights, _bias, Channels) = (weights, bias, channels);
    }

    public int Channels { get; }

    public float Bias(int dimension) => _bias[dimension];

    /// <summary>Weights of one dimension: those of the averages, then those of the maxima.</summary>
    public ReadOnlySpan<float> Row(int dimension) => _weights.AsSpan(dimension * 2 * Channels, 2 * Channels);
}
