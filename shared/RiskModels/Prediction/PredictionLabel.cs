namespace BoneMet.RiskModels;

/// <summary>A label as shown beside a prediction, and whether it entered the logit.</summary>
public sealed record PredictionLabel
{
    public required string Modality { get; init; }
    public required double Logit { get; init; }

    /// <summary>Standard error of the logit, where its encoder gives one; it is part of the prediction's interval.</summary>
    public double? StandardError { get; init; }
    public required string EncoderId { get; init; }
    public string? EncoderVersion { get; init; }
    public required string EncoderSha256 { get; init; }
    public required bool Trained { get; init; }
    public required bool Synthetic { get; init; }
    public string? Provider { get; init; }

    /// <summary>True: it is part of the fused probability.</summary>
    public required bool Entered { get; init; }

    /// <summary>What it added to the logit after the bound, when it entered.</summary>
    public double? LogOdds { get; init; }

    /// <summary>Why it did not enter, or null.</summary>
    public LocalText? Reason { get; init; }
}
