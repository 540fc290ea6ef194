using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>What a case tells the other services.</summary>
internal static class Messages
{
    public static OutboxMessage FactorsSubmitted(CaseDocument document, IReadOnlyList<FactorValue> factors, TimeProvider clock) => Outgoing.Message(
        new FactorsSubmitted
        {
            CaseId = document.Id,
            CancerType = document.CancerType,
            Histology = document.Histology,
            Factors = factors,
            InputHash = InputHash.Of(factors),
            At = clock.GetUtcNow(),
        },
        clock);

    public static OutboxMessage CaseResumed(CaseDocument document, TimeProvider clock) =>
        Outgoing.Message(new CaseResumed { CaseId = document.Id, At = clock.GetUtcNow() }, clock);
}
