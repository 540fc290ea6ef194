using BoneMet.Contracts.V1;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.Cases;

/// <summary>Asks the owner of the case whether a caller may touch it.</summary>
internal sealed class CaseAccess(BoneMet.Contracts.V1.Cases.CasesClient cases)
{
    /// <summary>The case's site.</summary>
    /// <exception cref="ProblemException">404: there is no such case for this caller.</exception>
    public async Task<string> RequireSite(Caller caller, string caseId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var reply = await cases.AuthorizeAsync(new AuthorizeRequest { CaseId = caseId, Site = caller.Site, Operator = caller.IsOperator }, cancellationToken: cancellation);
        return reply.Found ? reply.Site : throw Problems.NotFound("case-not-found", $"There is no case '{caseId}'.");
    }
}
