namespace BoneMet.RiskModels;

/// <summary>A number cut into adjoining half-open bins [from, to), each with its β.</summary>
public sealed record BinnedTerm : ModelTerm
{
    /// <summary>Unit of the bin edges; converted from the dictionary's unit.</summary>
    public string? Unit { get; init; }
    public required IReadOnlyList<TermLevel> Bins { get; init; }
}
