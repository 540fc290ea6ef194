namespace BoneMet.Cohorts.Publishing;

/// <summary>The encoder whose labels stand in a column of a cohort; the published model takes those of no other.</summary>
/// <param name="EncoderId">Its id.</param>
/// <param name="EncoderSha256">Digest of its file, lower-case hexadecimal.</param>
public sealed record LabelSource(string EncoderId, string EncoderSha256);
