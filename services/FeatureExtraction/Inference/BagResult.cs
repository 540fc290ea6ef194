namespace BoneMet.FeatureExtraction.Inference;

/// <param name="Logit">The label on the logit scale, calibrated by the head's temperature.</param>
/// <param name="Pooled">The embedding of the whole bag.</param>
/// <param name="Shares">What each item contributes to the logit before the bias: the shares and the bias add up to the logit.</param>
/// <param name="Attention">Weight of each item, adding up to 1; for maximum pooling the fraction of dimensions that the item decides.</param>
internal sealed record BagResult(double Logit, float[] Pooled, double[] Shares, double[] Attention);
