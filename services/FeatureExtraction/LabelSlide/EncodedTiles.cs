namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>The tiles of a slide as an encoder sees them.</summary>
/// <param name="Embeddings">Their embeddings, tile after tile.</param>
/// <param name="Places">Column and row of each.</param>
/// <param name="Provider">What computed them.</param>
internal sealed record EncodedTiles(float[] Embeddings, IReadOnlyList<(int Column, int Row)> Places, string Provider);
