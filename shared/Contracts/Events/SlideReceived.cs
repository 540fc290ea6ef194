namespace BoneMet.Contracts.Events;

/// <summary>A slide of a case is durably stored. Published by PathologyTiling, once per accepted upload.</summary>
public sealed record SlideReceived
{
    public required string CaseId { get; init; }

    /// <summary>SHA-256 of the slide's bytes.</summary>
    public required string SlideId { get; init; }
    public required DateTimeOffset At { get; init; }
}
