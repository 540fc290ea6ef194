namespace BoneMet.RiskModels;

/// <summary>Multiplier from a factor's canonical unit to the unit that a model uses.</summary>
internal static class UnitScale
{
    /// <summary>1 when the model names no unit or the dictionary does not know the factor; NaN for a unit that the factor cannot have.</summary>
    public static double From(string factor, string? unit)
    {
        if (unit is null || FactorDictionary.Find(factor) is not { IsNumber: true } definition || FactorText.Unit(unit) == FactorText.Unit(definition.Unit!)) { return 1; }
        return definition.Units.TryGetValue(FactorText.Unit(unit), out var multiplier) ? 1 / multiplier : double.NaN;
    }
}
