using BoneMet.Contracts.Events;
using BoneMet.RiskModels;

namespace BoneMet.ClinicalScoring.CodeFactors;

/// <summary>Clinical factors as submitted → in the dictionary's units and levels. Pure; all faults at once.</summary>
internal static class CodeFactors
{
    public static CodeResult Handle(IReadOnlyList<FactorValue> factors)
    {
        var coding = FactorDictionary.Code(factors.Select(factor => new SubmittedFactor(factor.Name, factor.Number, factor.Level, factor.Unit)));
        return coding.Problems.Count > 0
            ? new CodeResult.NotTaken(coding.Problems)
            : new CodeResult.Coded([.. coding.Coded.Select(Value)]);
    }

    private static CodedFactorValue Value(CodedFactor coded) => new()
    {
        Name = coded.Name,
        Number = coded.Number,
        Level = coded.Level,
        Unit = coded.Unit,
        ConvertedFrom = coded.ConvertedFrom,
        DerivedFrom = coded.DerivedFrom,
        Implausible = coded.Implausible,
    };
}
