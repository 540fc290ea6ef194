using BoneMet.Hosting;
using BoneMet.Storage;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace BoneMet.UnitTests.Hosting;

public sealed class ProblemHandlerTests
{
    public static TheoryData<Exception, int, string> Faults() => new()
    {
        { new InvalidOperationException("password=secret"), 500, "internal-error" },
        { new BadHttpRequestException("secret", 413), 413, "body-too-large" },
        { new BadHttpRequestException("secret"), 400, "bad-request" },
        { new BlobTooLargeException(10), 413, "body-too-large" },
        { new DiskFullException("secret"), 507, "disk-full" },
        { new RpcException(new Status(StatusCode.Unavailable, "secret")), 503, "service-unavailable" },
        { new RpcException(new Status(StatusCode.Internal, "secret")), 500, "internal-error" },
        { Problems.Conflict("taken", "This is taken."), 409, "taken" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Translate_AnyFault_IsAProblemThatTellsNoSecret(Exception fault, int status, string code)
    {
        var problem = ProblemHandler.Translate(fault);
        Assert.Equal((status, code), (problem.StatusCode, problem.Code));
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }
}
