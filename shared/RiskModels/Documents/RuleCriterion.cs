namespace BoneMet.RiskModels;

/// <summary>One way in which a decision rule comes out positive.</summary>
public sealed record RuleCriterion
{
    public required string Id { get; init; }
    public required LocalText Text { get; init; }
    public required Condition When { get; init; }
}
