namespace BoneMet.Statistics.SampleSize;

/// <summary>One rule that a study breaks.</summary>
/// <param name="Code">Stable name of the rule.</param>
/// <param name="Text">What it means for the reader, with the numbers.</param>
public sealed record GuardWarning(string Code, string Text);
