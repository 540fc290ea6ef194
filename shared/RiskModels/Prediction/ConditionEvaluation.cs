namespace BoneMet.RiskModels;

/// <summary>Kleene logic over factors: true, false, or null when a missing factor decides.</summary>
internal static class ConditionEvaluation
{
    public static bool? Holds(Condition condition, FactorSet factors)
    {
        switch (condition)
        {
            case Condition.Otherwise: return true;
            case Condition.Not not: return !Holds(not.Of, factors);
            case Condition.All all:
            {
                bool? result = true;
                foreach (var part in all.Of)
                {
                    var holds = Holds(part, factors);
                    if (holds == false) { return false; }
                    if (holds is null) { result = null; }
                }
                return result;
            }
            case Condition.Any any:
            {
                bool? result = false;
                foreach (var part in any.Of)
                {
                    var holds = Holds(part, factors);
                    if (holds == true) { return true; }
                    if (holds is null) { result = null; }
                }
                return result;
            }
            case Condition.In level:
                return factors[level.Factor] is { } coded ? level.Levels.Contains(coded.Level ?? CanonicalJson.Number(coded.Number ?? 0)) : null;
            case Condition.Number number:
            {
                if (factors[number.Factor]?.Number is not { } value) { return null; }
                value *= UnitScale.From(number.Factor, number.Unit);
                return !(value <= number.Above) && !(value < number.AtLeast) && !(value >= number.Below) && !(value > number.AtMost);
            }
            default: return null;
        }
    }
}
