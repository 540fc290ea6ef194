using System.ComponentModel.DataAnnotations;

namespace BoneMet.CohortAnalysis;

internal sealed class CohortOptions
{
    public const string Section = "Cohorts";

    /// <summary>Largest cohort file.</summary>
    [Range(1, 1 << 20)]
    public int MaxUploadMiB { get; set; } = 2048;

    /// <summary>Studies that run at the same time.</summary>
    [Range(1, 64)]
    public int Parallel { get; set; } = 1;
}
