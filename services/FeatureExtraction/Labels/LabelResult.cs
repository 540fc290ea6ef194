namespace BoneMet.FeatureExtraction.Labels;

/// <summary>What labelling a strand ends in.</summary>
internal abstract record LabelResult
{
    /// <param name="Record">The stored label, new or from before.</param>
    public sealed record Labelled(LabelRecord Record) : LabelResult;

    /// <param name="Code">Stable kebab-case code.</param>
    /// <param name="Reason">One sentence that a person understands.</param>
    public sealed record Failed(string Code, string Reason) : LabelResult;
}
