namespace BoneMet.RiskModels;

/// <summary>The intercept of a logistic model, with where it comes from.</summary>
public sealed record ModelIntercept
{
    public const string Published = "published";
    public const string Fitted = "fitted";
    public const string Recalibrated = "recalibrated";
    public const string SolvedFromPrevalence = "solved-from-prevalence";

    /// <summary>Neither published nor derivable: the model gives odds ratios against its reference patient, no probability.</summary>
    public const string None = "none";

    public required string Origin { get; init; }

    /// <summary>Log-odds at the reference; null exactly when <see cref="Origin"/> is "none".</summary>
    public double? Value { get; init; }
    public double? StandardError { get; init; }

    /// <summary>The prevalence that a solved intercept reproduces (0–1).</summary>
    public double? Prevalence { get; init; }

    /// <summary>How it was solved, and under which assumptions.</summary>
    public string? Note { get; init; }
}
