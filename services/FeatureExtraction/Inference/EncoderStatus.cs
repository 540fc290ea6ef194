using BoneMet.FeatureExtraction.Catalogue;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>What is known about an encoder of this process right now.</summary>
/// <param name="Card">Its card.</param>
/// <param name="Bytes">Memory that its session holds; 0 when it is not loaded.</param>
/// <param name="Proven">Its last session computed the golden tensor as the card says.</param>
/// <param name="Provider">What ran its last session; null before the first.</param>
/// <param name="Fallback">Why that is not the provider asked for, or null.</param>
/// <param name="Fault">Why it cannot serve, or null.</param>
internal sealed record EncoderStatus(EncoderCard Card, long Bytes, bool Proven, string? Provider, string? Fallback, string? Fault)
{
    public bool Loaded => Bytes > 0;
}
