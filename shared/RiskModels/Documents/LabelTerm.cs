namespace BoneMet.RiskModels;

/// <summary>β·clip(label, ±bound): a label of an image encoder on the logit scale. <see cref="ModelTerm.Factor"/> is "imaging" or "pathology".</summary>
public sealed record LabelTerm : ModelTerm
{
    public const double DefaultBound = 1.5;

    /// <summary>The one cancer type whose models take labels of encoders that learned from generated data. No patient has it.</summary>
    public const string SyntheticCancerType = "synthetic-demonstration";

    public required Coefficient Coefficient { get; init; }

    /// <summary>Largest change of the logit, in either direction, that the label may cause before β.</summary>
    public double Bound { get; init; } = DefaultBound;
    public required string EncoderId { get; init; }

    /// <summary>Only labels of exactly this encoder enter (lower-case hexadecimal).</summary>
    public required string EncoderSha256 { get; init; }
}
