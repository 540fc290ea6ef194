using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>
/// The answer of a model for one patient, with all that is needed to read it and to compute it again. A pure function of model, factors and labels:
/// the same input gives the same bytes.
/// </summary>
public sealed record Prediction
{
    public string Format { get; init; } = "bonemet.prediction/1";
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }

    /// <summary>SHA-256 of the model's canonical form.</summary>
    public required string ModelSha256 { get; init; }
    public required LocalText ModelTitle { get; init; }
    public required string Family { get; init; }
    public required ModelOutcome Outcome { get; init; }

    /// <summary>True only when every coefficient of the published model is in this one.</summary>
    public required bool ModelComplete { get; init; }

    /// <summary>Probability of the outcome (0–1): with labels when any entered, else of the clinical factors; null when refused.</summary>
    public double? Probability { get; init; }
    public double? LinearPredictor { get; init; }
    public double? TotalPoints { get; init; }

    /// <summary>Odds against the model's reference patient: exp(Σ βx).</summary>
    public double? OddsRatio { get; init; }
    public required PredictionInterval Interval { get; init; }
    public PredictionBaseRate? BaseRate { get; init; }

    /// <summary>The clinical factors alone; always there.</summary>
    public required PredictionEstimate ClinicalOnly { get; init; }

    /// <summary>With the labels; null when none entered.</summary>
    public PredictionEstimate? Fused { get; init; }
    public IReadOnlyList<PredictionHorizon> Horizons { get; init; } = [];

    /// <summary>Band or stratum that a score or a rate table put the patient in; "positive" or "negative" of a rule.</summary>
    public LocalText? Band { get; init; }

    /// <summary>Rule: the criteria that hold.</summary>
    public IReadOnlyList<string> CriteriaMet { get; init; } = [];
    public IReadOnlyList<PredictionPoint> Points { get; init; } = [];
    public IReadOnlyList<PredictionInput> Inputs { get; init; } = [];

    /// <summary>Factors of the model that were not given.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
    public IReadOnlyList<string> OutOfRange { get; init; } = [];
    public IReadOnlyList<PredictionLabel> Labels { get; init; } = [];
    public IReadOnlyList<PredictionAlternative> Alternatives { get; init; } = [];

    /// <summary>"Of 100 patients like this one, about 24 …" in the three languages.</summary>
    public LocalText? Text { get; init; }
    public required LocalText IntendedUse { get; init; }
    public required LocalText NotFor { get; init; }
    public IReadOnlyList<LocalText> Warnings { get; init; } = [];
    public IReadOnlyList<PredictionRefusal> Refusals { get; init; } = [];
    public required string Citation { get; init; }
    public string? Doi { get; init; }

    /// <summary>This prediction as JSON, compact; same prediction, same bytes.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PredictionJson.Default.Prediction);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Prediction FromJson(string json) =>
        JsonSerializer.Deserialize(json, PredictionJson.Default.Prediction) ?? throw new JsonException("The text 'null' is not a prediction.");
}
