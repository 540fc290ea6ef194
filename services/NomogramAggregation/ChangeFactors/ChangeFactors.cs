using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;

namespace BoneMet.NomogramAggregation.ChangeFactors;

/// <summary>Replaces the clinical factors of a case. The same factors again change nothing.</summary>
internal static class ChangeFactors
{
    public static async Task<CaseDocument> Handle(string caseId, NewFactors given, CaseStore cases, TimeProvider clock, CancellationToken cancellation)
    {
        var factors = GivenFactors.Parse(given.Factors);
        var hash = InputHash.Of(factors);
        return await cases.Change(
            caseId,
            null,
            (current, now, trace) => current.Clinical.InputHash == hash
                ? current
                : CaseChanges.FactorsGiven(current, factors, hash, Messages.FactorsSubmitted(current, factors, clock), now, cases.Timing, trace),
            cancellation) ?? throw Problems.NotFound("case-not-found", "There is no case of this id that you may see.");
    }
}
