namespace BoneMet.Contracts.Events;

/// <summary>A step failed for good. Published by the worker that gave up; never for a fault that a retry can cure.</summary>
public sealed record StrandFailed
{
    public required string CaseId { get; init; }
    public required string Strand { get; init; }

    /// <summary>Key of the work that failed, when it had one.</summary>
    public string? InputHash { get; init; }

    /// <summary>Stable kebab-case code: "no-lesion-region", "slide-without-tissue".</summary>
    public required string Code { get; init; }

    /// <summary>One sentence that a person understands, free of identity.</summary>
    public required string Reason { get; init; }
    public required DateTimeOffset At { get; init; }
}
