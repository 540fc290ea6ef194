namespace BoneMet.FeatureExtraction.Catalogue;

/// <param name="Embedding">Length of an item's embedding.</param>
/// <param name="Map">Shape of the last feature map: channels, then its grid.</param>
internal sealed record EncoderOutput(int Embedding, IReadOnlyList<int> Map)
{
    /// <summary>Values in one item's feature map.</summary>
    public int MapLength => Map.Aggregate(1, (product, side) => product * side);
}
