namespace BoneMet.Statistics.Heterogeneity;

/// <summary>One merge of a hierarchical clustering; items are 0 to n−1, the k-th merge is n+k.</summary>
/// <param name="Left">Item or earlier merge.</param>
/// <param name="Right">Item or earlier merge.</param>
/// <param name="Height">Distance at which the two meet.</param>
public sealed record ClusterNode(int Left, int Right, double Height);
