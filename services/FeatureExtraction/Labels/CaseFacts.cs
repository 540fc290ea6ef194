using BoneMet.Contracts.V1;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>What NomogramAggregation, which owns the case, says about it.</summary>
internal sealed class CaseFacts(Cases.CasesClient cases)
{
    /// <summary>The cancer type of a case; empty when the case is not known (any more): then only heads for any type apply.</summary>
    public async Task<string> CancerType(string caseId, CancellationToken cancellation)
    {
        var reply = await cases.AuthorizeAsync(new AuthorizeRequest { CaseId = caseId, Operator = true }, cancellationToken: cancellation);
        return reply.Found ? reply.CancerType : "";
    }

    /// <summary>The site that owns a case; empty when the case is not known (any more).</summary>
    public async Task<string> Site(string caseId, CancellationToken cancellation) =>
        (await cases.AuthorizeAsync(new AuthorizeRequest { CaseId = caseId, Operator = true }, cancellationToken: cancellation)).Site;
}
