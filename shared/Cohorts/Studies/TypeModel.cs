namespace BoneMet.Cohorts.Studies;

/// <summary>One cancer type of an atlas: its own feature set and the model fitted with it.</summary>
internal sealed record TypeModel
{
    public required string Type { get; init; }

    /// <summary>The own model as a study of its own; null where the type has none.</summary>
    public StudyResult? Result { get; init; }

    /// <summary>Why the type has no model.</summary>
    public string? Reason { get; init; }

    /// <summary>Chosen factors, in the order of the protocol.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Penalty of the LASSO that chose them.</summary>
    public double Lambda { get; init; } = double.NaN;

    /// <summary>In how many of the outer folds each factor that could be chosen was chosen.</summary>
    public IReadOnlyDictionary<string, int> Times { get; init; } = new Dictionary<string, int>();

    /// <summary>Linear predictor of each of the type's subjects from a model made without its fold.</summary>
    public double[] OutOfFold { get; init; } = [];
}
