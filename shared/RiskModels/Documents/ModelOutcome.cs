namespace BoneMet.RiskModels;

/// <summary>What a model predicts. Two models may stand in for each other only when event and timing are equal.</summary>
public sealed record ModelOutcome
{
    public const string BoneMetastasis = "bone-metastasis";
    public const string Synchronous = "synchronous";
    public const string Metachronous = "metachronous";

    /// <summary>The paper does not say whether the event was there at diagnosis or came later.</summary>
    public const string TimingNotStated = "not-stated";
    public const string Survival = "survival";

    /// <summary>"bone-metastasis", "distant-metastasis", "death".</summary>
    public required string Event { get; init; }

    /// <summary>"synchronous" (at diagnosis), "metachronous" (within the horizon after it), "survival", or "not-stated".</summary>
    public required string Timing { get; init; }

    /// <summary>Months after time zero; required unless synchronous or not stated.</summary>
    public double? HorizonMonths { get; init; }

    /// <summary>Bone metastasis at diagnosis: what a case asks for unless it says otherwise.</summary>
    public static ModelOutcome SynchronousBoneMetastasis { get; } = new() { Event = BoneMetastasis, Timing = Synchronous };
}
