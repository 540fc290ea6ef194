using BoneMet.Contracts.V1;
using BoneMet.NomogramAggregation.Cases;
using Grpc.Core;

namespace BoneMet.NomogramAggregation.Authorize;

/// <summary>Answers the workers that take uploads: does this case exist for this caller? Another site's case is "not found", like one that never was.</summary>
internal sealed class CasesGrpc(CaseStore cases) : Contracts.V1.Cases.CasesBase
{
    public override async Task<AuthorizeReply> Authorize(AuthorizeRequest request, ServerCallContext context)
    {
        var found = await cases.Find(request.CaseId, context.CancellationToken);
        return found is null || (found.Site != request.Site && !request.Operator)
            ? new AuthorizeReply { Found = false }
            : new AuthorizeReply { Found = true, Site = found.Site, CancerType = found.CancerType, Histology = found.Histology ?? "" };
    }
}
