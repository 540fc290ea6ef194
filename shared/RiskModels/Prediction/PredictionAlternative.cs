namespace BoneMet.RiskModels;

/// <summary>Another model of the same cancer type, and why it was not the one.</summary>
public sealed record PredictionAlternative
{
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required LocalText Title { get; init; }

    /// <summary>What it predicts.</summary>
    public required ModelOutcome Outcome { get; init; }

    /// <summary>Factors that it would still need.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>"less-specific", "needs-factors", "other-outcome", "other-histology", "odds-ratio-only", "only-by-id", "gives-no-probability".</summary>
    public required string Reason { get; init; }

    /// <summary>The reason as a sentence.</summary>
    public required string Text { get; init; }
}
