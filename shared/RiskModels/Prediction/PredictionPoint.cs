namespace BoneMet.RiskModels;

/// <summary>One row of the points table.</summary>
public sealed record PredictionPoint
{
    /// <summary>Dictionary name; several joined by " * " when an interaction ties them to one axis.</summary>
    public required string Factor { get; init; }
    public required LocalText Label { get; init; }

    /// <summary>The patient's value as the model reads it: "male", "62 a", "T3".</summary>
    public string? Value { get; init; }
    public LocalText? ValueLabel { get; init; }
    public double? Number { get; init; }
    public string? Unit { get; init; }
    public double Points { get; init; }

    /// <summary>Contribution to the linear predictor, in log-odds (or log-hazard) against the reference.</summary>
    public double LogOdds { get; init; }

    /// <summary>Which of the factor's axes the mark belongs on (interactions draw several), from 0.</summary>
    public int Line { get; init; }

    /// <summary>"used", "average" (not given; cohort average), "out-of-range".</summary>
    public required string Status { get; init; }
}
