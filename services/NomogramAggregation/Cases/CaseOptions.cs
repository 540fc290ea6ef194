using System.ComponentModel.DataAnnotations;

namespace BoneMet.NomogramAggregation.Cases;

internal sealed class CaseOptions
{
    public const string Section = "Cases";

    /// <summary>Seconds without news from a worker before a strand is asked for again.</summary>
    [Range(1, 86_400)]
    public int WorkDeadlineSeconds { get; set; } = 300;

    /// <summary>Hours that announced material may take to arrive.</summary>
    [Range(1, 8_760)]
    public int AwaitDeadlineHours { get; set; } = 720;

    /// <summary>How often a silent strand is asked for again before it fails.</summary>
    [Range(0, 20)]
    public int Attempts { get; set; } = 5;

    /// <summary>Seconds between two looks for strands past their deadline.</summary>
    [Range(1, 3_600)]
    public int WatchSeconds { get; set; } = 20;

    public CaseTiming Timing => new(TimeSpan.FromSeconds(WorkDeadlineSeconds), TimeSpan.FromHours(AwaitDeadlineHours), Attempts);
}

