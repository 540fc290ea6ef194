using System.Collections.Frozen;

namespace BoneMet.RiskModels;

/// <summary>Coded factors of one patient, by name.</summary>
internal sealed class FactorSet
{
    private readonly Dictionary<string, CodedFactor> factors;

    public FactorSet(IReadOnlyList<CodedFactor> coded)
    {
        factors = new(coded.Count, StringComparer.Ordinal);
        foreach (var factor in coded) { factors[factor.Name] = factor; }
    }

    public FactorSet(Dictionary<string, CodedFactor> factors) => this.factors = factors;

    public IReadOnlyList<CodedFactor> All => [.. factors.Values];

    public CodedFactor? this[string name] => factors.GetValueOrDefault(name);
}
