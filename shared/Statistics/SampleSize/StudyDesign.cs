namespace BoneMet.Statistics.SampleSize;

/// <summary>What <see cref="HonestyGuards"/> judges.</summary>
public sealed record StudyDesign
{
    /// <summary>Subjects analysed.</summary>
    public required int Subjects { get; init; }

    /// <summary>Subjects with the event.</summary>
    public required int Events { get; init; }

    /// <summary>Candidate parameters without the intercept.</summary>
    public required int Parameters { get; init; }

    /// <summary>Cox–Snell R² of the fitted model; null when there is none.</summary>
    public double? CoxSnellR2 { get; init; }

    /// <summary>Factors that are not known when the prediction is made.</summary>
    public IReadOnlyList<string> UnavailableFactors { get; init; } = [];

    /// <summary>Cases and controls were matched, or cases enriched.</summary>
    public bool Matched { get; init; }

    /// <summary>Share with the event in the population; null when not given.</summary>
    public double? ExpectedPrevalence { get; init; }

    /// <summary>Factors were chosen by stepwise search or by their p values on the same data.</summary>
    public bool SelectedByPValue { get; init; }

    /// <summary>Subjects left out for a missing value.</summary>
    public int DroppedForMissing { get; init; }
}
