namespace BoneMet.RiskModels;

/// <summary>β·x.</summary>
public sealed record LinearTerm : ModelTerm
{
    public string? Unit { get; init; }
    public required Coefficient Coefficient { get; init; }

    /// <summary>Ends of the nomogram axis, and the range in which the model was seen to hold.</summary>
    public required double Low { get; init; }
    public required double High { get; init; }

    /// <summary>True: outside the range the model refuses. False: it warns.</summary>
    public bool RefuseOutside { get; init; }

    /// <summary>The cohort's mean, at which a missing value stands.</summary>
    public double? Mean { get; init; }

    /// <summary>What the range rests on: "published", "training data", "dictionary plausible range".</summary>
    public string? RangeOrigin { get; init; }
}
