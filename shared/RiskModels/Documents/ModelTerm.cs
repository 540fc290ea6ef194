namespace BoneMet.RiskModels;

/// <summary>One addend of a model's linear predictor (or of a score's points).</summary>
public abstract record ModelTerm
{
    /// <summary>Dictionary name of the factor, or a name that the model declares itself.</summary>
    public required string Factor { get; init; }

    /// <summary>Text on the axis; the dictionary's label when absent.</summary>
    public LocalText? Label { get; init; }

    /// <summary>True: without this factor the model refuses. False: a missing factor stands at the cohort's average, which must be known.</summary>
    public bool Required { get; init; } = true;
}
