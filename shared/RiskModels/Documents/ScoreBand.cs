namespace BoneMet.RiskModels;

/// <summary>Published risk of a band of points, both ends included.</summary>
public sealed record ScoreBand
{
    public required double From { get; init; }
    public required double To { get; init; }
    public LocalText? Label { get; init; }

    /// <summary>Risk of the model's event (0–1).</summary>
    public required double Risk { get; init; }
    public int? Events { get; init; }
    public int? Patients { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }
}
