namespace BoneMet.Contracts.Api;

/// <summary>Whom to scan first, and what that is expected to find as far as the models are calibrated at the site.</summary>
public sealed record WorklistView
{
    /// <summary>Cases with a risk of their own in the time asked for.</summary>
    public required int Cases { get; init; }

    /// <summary>Risk at which the list was cut.</summary>
    public required double Threshold { get; init; }
    public required IReadOnlyList<WorklistItem> Items { get; init; }

    /// <summary>Metastases expected among the listed, and among the others.</summary>
    public required double ExpectedFound { get; init; }
    public required double ExpectedMissed { get; init; }

    /// <summary>Scans for each metastasis found; absent when none is expected.</summary>
    public double? ScansPerFound { get; init; }

    /// <summary>The decision curve: expected net benefit per case of scanning by risk and of scanning everybody (nobody: 0).</summary>
    public required IReadOnlyList<WorklistBenefit> Curve { get; init; }

    /// <summary>Cases left out: without a prediction, with a population's rate only, or refused.</summary>
    public required int WithoutRisk { get; init; }
    public required string Status { get; init; }
}
