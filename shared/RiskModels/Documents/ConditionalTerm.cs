namespace BoneMet.RiskModels;

/// <summary>Levels that conditions on several factors decide, in order: the first that holds. <see cref="ModelTerm.Factor"/> is the name of the combination.</summary>
public sealed record ConditionalTerm : ModelTerm
{
    public required IReadOnlyList<TermLevel> Levels { get; init; }
}
