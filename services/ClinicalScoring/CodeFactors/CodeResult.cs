using BoneMet.Contracts.Events;
using BoneMet.RiskModels;

namespace BoneMet.ClinicalScoring.CodeFactors;

internal abstract record CodeResult
{
    public sealed record Coded(IReadOnlyList<CodedFactorValue> Factors) : CodeResult;

    public sealed record NotTaken(IReadOnlyList<FactorProblem> Problems) : CodeResult;
}
