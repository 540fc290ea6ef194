namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Gated attention: the score of an item is w · (tanh(V e) ⊙ σ(U e)); V and U are hidden × D, row by row.</summary>
internal sealed record AttentionDocument(int Hidden, string V, string U, string W);
