namespace BoneMet.RiskModels;

/// <summary>Products of columns of two other terms, each with its β. <see cref="ModelTerm.Factor"/> names the pair ("age * sex").</summary>
public sealed record InteractionTerm : ModelTerm
{
    public required IReadOnlyList<InteractionProduct> Products { get; init; }
}
