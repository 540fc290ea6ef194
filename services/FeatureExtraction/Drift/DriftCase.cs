using System.Runtime.InteropServices;
using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Drift;

/// <param name="Logit">The label.</param>
/// <param name="Embedding">The pooled embedding; float32, little endian, base64.</param>
internal sealed record DriftCase(double Logit, string Embedding)
{
    public static DriftCase Of(double logit, float[] embedding) => new(logit, Convert.ToBase64String(MemoryMarshal.AsBytes<float>(embedding)));

    public float[] Values() => EncoderSession.Floats(Embedding);
}
