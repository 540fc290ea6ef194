namespace BoneMet.FeatureExtraction.Catalogue;

/// <param name="File">Name of the card's file.</param>
/// <param name="Reason">Why it is not used, in one sentence.</param>
internal sealed record RejectedEncoder(string File, string Reason);
