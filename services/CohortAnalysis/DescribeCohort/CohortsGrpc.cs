using System.Text.Json.Nodes;
using BoneMet.CohortAnalysis.Cohorts;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Studies;
using BoneMet.Contracts.V1;
using BoneMet.Hosting;
using BoneMet.Statistics.Tables;
using BoneMet.Storage;
using Grpc.Core;

namespace BoneMet.CohortAnalysis.DescribeCohort;

/// <summary>Table 1 of a stored cohort, for other services.</summary>
internal sealed class CohortsGrpc(IBlobStore blobs, CohortGate gate) : Contracts.V1.Cohorts.CohortsBase
{
    public override async Task<DescribeCohortReply> Describe(DescribeCohortRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var cancellation = context.CancellationToken;
        if (request.Blob.Length != 64 || !request.Blob.All(char.IsAsciiHexDigitLower)) { throw new RpcException(new Status(StatusCode.InvalidArgument, "blob must be 64 lower-case hexadecimal digits.")); }
        var caller = context.GetHttpContext().Caller();
        var path = await gate.MaySeeData(request.Blob, caller, cancellation) ? await blobs.LocalPath(request.Blob, cancellation) : null;
        if (path is null) { throw new RpcException(new Status(StatusCode.NotFound, "There is no such cohort.")); }
        try
        {
            return await Task.Run(
                () =>
                {
                    var result = StudyRunner.Run(new StudyProtocol { Kind = StudyKind.Describe, Outcome = request.Outcome }, TableReader.Read(path, null, cancellation), null, cancellation);
                    var table = (JsonObject)result.Json["table1"]!;
                    return new DescribeCohortReply
                    {
                        Rows = table["n"]!.GetValue<int>() + table["outcome_missing"]!.GetValue<int>(), Events = table["n_event"]!.GetValue<int>(), OutcomeMissing = table["outcome_missing"]!.GetValue<int>(), Json = table.ToJsonString(),
                    };
                },
                cancellation);
        }
        catch (Exception exception) when (StudyFaults.IsForCaller(exception)) { throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message)); }
    }
}
