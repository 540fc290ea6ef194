using System.Diagnostics;
using System.Net;
using BoneMet.Contracts.V1;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Hosting;

/// <summary>Two services in two hosts, as in a cluster: they know each other's callers by signature, and one trace runs through both.</summary>
public sealed class PeerTests
{
    private static readonly string Secret = new('k', 40);

    [Fact]
    public async Task GrpcCall_OnBehalfOfACaller_ArrivesAsThatCallerInTheSameTrace()
    {
        await using var owner = await Owner(Secret);
        await using var asking = await Asking(owner, Secret);
        using var traces = new TraceRecorder();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/ask");
        request.Headers.Add(CallerSignature.Header, asking.Services.GetRequiredService<CallerSignature>().Sign(new Caller("site-a", false)));
        using var act = BoneMetTelemetry.Source.StartActivity("upload")!;
        using var answer = await asking.Http.SendAsync(request);
        Assert.Equal($"site-a False {act.TraceId}", await answer.Content.ReadAsStringAsync());
        Assert.Contains(traces.Of(act.TraceId), span => span.Kind == ActivityKind.Client);
    }

    [Fact]
    public async Task GrpcCall_OutsideARequest_ArrivesAsTheService()
    {
        await using var owner = await Owner(Secret);
        await using var asking = await Asking(owner, Secret);
        var reply = await asking.Services.GetRequiredService<Cases.CasesClient>().AuthorizeAsync(new AuthorizeRequest { CaseId = "c" });
        Assert.StartsWith("service:dicom-ingestion True", reply.Site, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrpcCall_SignedWithAnotherSecret_IsUnauthenticated()
    {
        await using var owner = await Owner(Secret);
        await using var asking = await Asking(owner, new string('x', 40));
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await asking.Services.GetRequiredService<Cases.CasesClient>().AuthorizeAsync(new AuthorizeRequest { CaseId = "c" }));
        Assert.Equal(StatusCode.Unauthenticated, fault.StatusCode);
    }

    [Fact]
    public async Task GrpcMethod_ThatThrowsAProblem_AnswersItsStatusAndCode()
    {
        await using var owner = await Owner(Secret);
        await using var asking = await Asking(owner, Secret);
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await asking.Services.GetRequiredService<Cases.CasesClient>().AuthorizeAsync(new AuthorizeRequest { CaseId = "missing" }));
        Assert.Equal((StatusCode.NotFound, "There is no such case.", "case-not-found"), (fault.StatusCode, fault.Status.Detail, fault.Trailers.GetValue("problem-code")));
    }

    [Fact]
    public async Task ApiKey_AtAServiceBehindTheEdge_CountsForNothing()
    {
        await using var owner = await Owner(Secret);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Add("X-Api-Key", "bm_site-a_anything");
        Assert.Equal(HttpStatusCode.Unauthorized, (await owner.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task GrpcHealth_WithoutKey_Serves()
    {
        await using var owner = await Owner(Secret);
        using var channel = GrpcChannel.ForAddress(owner.Services.GetRequiredService<OwnAddresses>().Grpc);
        var health = new Health.HealthClient(channel);
        var patience = Stopwatch.StartNew();
        HealthCheckResponse reply;
        do
        {
            reply = await health.CheckAsync(new HealthCheckRequest());
            await Task.Delay(reply.Status == HealthCheckResponse.Types.ServingStatus.Serving ? 0 : 200);
        }
        while (reply.Status != HealthCheckResponse.Types.ServingStatus.Serving && patience.Elapsed < TimeSpan.FromSeconds(40));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, reply.Status);
    }

    private static Task<TestService> Owner(string secret) => TestService.Start(
        map: app =>
        {
            app.MapGrpcService<EchoingCases>();
            app.MapGet("/who", (HttpContext context) => context.Caller().Site);
        },
        name: "nomogram-aggregation", settings: Settings(secret));

    private static Task<TestService> Asking(TestService owner, string secret)
    {
        var settings = Settings(secret);
        settings["Services:nomogram-aggregation:Grpc"] = owner.Services.GetRequiredService<OwnAddresses>().Grpc.ToString();
        return TestService.Start(
            builder => builder.AddGrpcPeer<Cases.CasesClient>("nomogram-aggregation"),
            map: app => app.MapGet("/ask", async (Cases.CasesClient cases) => (await cases.AuthorizeAsync(new AuthorizeRequest { CaseId = "c" })).Site),
            name: "dicom-ingestion", settings: settings);
    }

    private static Dictionary<string, string?> Settings(string secret) => new() { ["Identity:InternalKey"] = secret, ["Bus:Transport"] = "InMemory" };

    private sealed class EchoingCases : Cases.CasesBase
    {
        public override Task<AuthorizeReply> Authorize(AuthorizeRequest request, ServerCallContext context)
        {
            if (request.CaseId == "missing") { throw Problems.NotFound("case-not-found", "There is no such case."); }
            var caller = context.GetHttpContext().Caller();
            return Task.FromResult(new AuthorizeReply { Found = true, Site = $"{caller.Site} {caller.IsOperator} {Activity.Current?.TraceId}" });
        }
    }
}
