using BoneMet.Contracts.V1;
using BoneMet.Hosting;

namespace BoneMet.PathologyTiling.Slides;

/// <summary>Asks the owner of cases whether a caller may touch one.</summary>
internal sealed class CaseGate(Cases.CasesClient cases)
{
    public async Task<bool> MayTouch(string caseId, Caller caller, CancellationToken cancellation)
    {
        var request = new AuthorizeRequest { CaseId = caseId, Site = caller.Site, Operator = caller.IsOperator };
        return (await cases.AuthorizeAsync(request, cancellationToken: cancellation)).Found;
    }

    /// <exception cref="ProblemException">404: there is no such case for this caller; that of another site is not told apart from one that does not exist.</exception>
    public async Task Require(string caseId, Caller caller, CancellationToken cancellation)
    {
        if (!await MayTouch(caseId, caller, cancellation)) { throw Problems.NotFound("case-not-found", "There is no such case."); }
    }
}
