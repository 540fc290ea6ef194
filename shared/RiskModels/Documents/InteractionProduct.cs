namespace BoneMet.RiskModels;

/// <summary>One product of two design columns, named as <see cref="CompiledModel.Columns"/> names them: "age", "age'", "sex=male".</summary>
public sealed record InteractionProduct
{
    public required string First { get; init; }
    public required string Second { get; init; }
    public required Coefficient Coefficient { get; init; }
}
