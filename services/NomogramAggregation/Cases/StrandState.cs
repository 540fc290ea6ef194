namespace BoneMet.NomogramAggregation.Cases;

/// <summary>One strand of a case: its status, the key of the material it stands on, and who is waited for until when.</summary>
internal sealed record StrandState
{
    public static StrandState Absent { get; } = new() { Status = StrandStatus.Absent };

    public required StrandStatus Status { get; init; }

    /// <summary>Key of the material that the result was computed from; changes when late material arrives.</summary>
    public string? InputHash { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>When waiting ends: material is asked for again, and after the last attempt the strand fails.</summary>
    public DateTimeOffset? Deadline { get; init; }
    public int Attempts { get; init; }

    /// <summary>Stable code and one sentence, when the strand has failed.</summary>
    public string? Code { get; init; }
    public string? Reason { get; init; }

    /// <summary>Key of the material on which the work failed: the same material told again fails again.</summary>
    public string? FailedHash { get; init; }

    /// <summary>What a person should know although the strand is ready: gaps, regions not used.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool IsSettled => Status is StrandStatus.Absent or StrandStatus.Ready or StrandStatus.Failed;
}
