namespace BoneMet.Contracts.Api;

/// <summary>Body of POST /api/v1/cases, and the form of `--factors FILE.json`.</summary>
public sealed record NewCase
{
    /// <summary>Site that owns the case; only an operator may name another than its own.</summary>
    public string? Site { get; init; }

    /// <summary>Pseudonym of the patient, chosen by the site. Never a name or a hospital number.</summary>
    public string? Subject { get; init; }

    /// <summary>Cancer type: "lung", "prostate", "breast" …; GET /api/v1/models lists those with models.</summary>
    public string? CancerType { get; init; }
    public string? Histology { get; init; }
    public IReadOnlyList<NewFactor>? Factors { get; init; }

    /// <summary>Strands that will come later ("imaging", "pathology"): they are waited for instead of being absent.</summary>
    public IReadOnlyList<string>? Expected { get; init; }
}
