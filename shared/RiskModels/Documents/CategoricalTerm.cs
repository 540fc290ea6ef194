namespace BoneMet.RiskModels;

/// <summary>A β for each level of a factor; the reference has β = 0.</summary>
public sealed record CategoricalTerm : ModelTerm
{
    public required IReadOnlyList<TermLevel> Levels { get; init; }
}
