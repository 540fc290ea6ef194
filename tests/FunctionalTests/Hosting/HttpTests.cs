using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using BoneMet.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace BoneMet.FunctionalTests.Hosting;

public sealed class HttpTests : IAsyncLifetime
{
    private TestService service = null!;
    private HttpClient client = null!;
    private int effects;

    public async ValueTask InitializeAsync()
    {
        service = await TestService.Start(map: Map);
        client = await service.Client("site-a");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/")]
    public async Task OpenPages_WithoutKey_Answer(string path) => Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Ready_SaysEveryDependency()
    {
        var health = await service.Http.GetFromJsonAsync<JsonElement>("/health/ready");
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        foreach (var check in (string[])["documents", "blobs", "bus", "disk"]) { Assert.Equal("healthy", health.GetProperty("checks").GetProperty(check).GetProperty("status").GetString()); }
    }

    [Fact]
    public async Task Endpoint_WithoutKey_Is401_EvenWhenItForgotToAsk()
    {
        await Expect(await service.Http.GetAsync("/who"), 401, "no-api-key");
        service.Http.DefaultRequestHeaders.Add("X-Api-Key", "bm_site-a_wrong");
        await Expect(await service.Http.GetAsync("/who"), 401, "unknown-api-key");
    }

    [Fact]
    public async Task Endpoint_WithKey_KnowsTheSite()
    {
        Assert.Equal("site-a False", await client.GetStringAsync("/who"));
        using var chief = await service.Client("chief", isOperator: true);
        Assert.Equal("chief True", await chief.GetStringAsync("/who"));
        Assert.Equal("chief True", await chief.GetStringAsync("/operators"));
        await Expect(await client.GetAsync("/operators"), 403, "operators-only");
    }

    [Fact]
    public async Task ForgedServiceHeaders_FromOutside_AreRemoved()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/headers");
        request.Headers.Add("X-BoneMet-Caller", "1.Y2hpZWY.o.99999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        request.Headers.Add("x-bonemet-anything", "1");
        using var answer = await client.SendAsync(request);
        Assert.Equal("site-a ", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task SignedCaller_FromAnotherService_Counts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Add(CallerSignature.Header, service.Services.GetRequiredService<CallerSignature>().Sign(new Caller("far", false)));
        using var answer = await service.Http.SendAsync(request);
        Assert.Equal("far False", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Faults_OfEveryKind_AreProblems()
    {
        await Expect(await client.GetAsync("/nowhere"), 404, "not-found");
        await Expect(await client.DeleteAsync("/who"), 405, "method-not-allowed");
        await Expect(await client.GetAsync("/returned"), 404, "case-not-found");
        await Expect(await client.GetAsync("/thrown"), 409, "taken");
        await Expect(await client.PostAsync("/things", new StringContent("x", Encoding.UTF8, "text/plain")), 415, "unsupported-media-type");
        await Expect(await client.PostAsync("/things", new StringContent("{ \"name\": ", Encoding.UTF8, "application/json")), 400, "invalid-json");
        await Expect(await client.GetAsync("/number?n=many"), 400, "invalid-parameter");
        await Expect(await client.PostAsync("/small", new ByteArrayContent(new byte[2000])), 413, "body-too-large");
        await Expect(await client.GetAsync("/full"), 507, "disk-full");
        var text = await Expect(await client.GetAsync("/broken"), 500, "internal-error");
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdempotencyKey_SentAgain_HasOneEffectAndTheSameAnswer()
    {
        var first = await Post("k1", "one");
        var second = await Post("k1", "one");
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(1, effects);

        await Expect(await Post("k1", "two"), 422, "idempotency-key-reused");
        using var other = await service.Client("site-b");
        Assert.Equal(HttpStatusCode.Created, (await Post("k1", "two", other)).StatusCode);
        Assert.Equal(2, effects);
    }

    [Fact]
    public async Task IdempotencyKey_ManyAtOnce_HaveOneEffect()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Post("same", "slow")));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(1, effects);
    }

    [Fact]
    public async Task IdempotencyKey_OfARefusedRequest_IsFreeAgain()
    {
        await Expect(await Post("k2", ""), 422, "no-name");
        Assert.Equal(HttpStatusCode.Created, (await Post("k2", "now")).StatusCode);
        await Expect(await Post("not allowed", "x"), 400, "invalid-idempotency-key");
    }

    [Fact]
    public async Task IdempotencyKey_AfterAFailure_GetsTheSameIdAgain()
    {
        await Expect(await Post("k3", "fail"), 500, "internal-error");
        var failed = lastId;
        Assert.Equal(HttpStatusCode.InternalServerError, (await Post("k3", "fail")).StatusCode);
        Assert.Equal(failed, lastId);
    }

    [Fact]
    public async Task Events_AfterLastEventId_GoOn()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Add("Last-Event-ID", "2");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("retry: 2000\n\nid: 3\nevent: step\ndata: {\"number\":3}\n\nid: 4\nevent: step\ndata: {\"number\":4}\n\n", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Http:Port", "70000", "Port")]
    [InlineData("Http:Bind", "nonsense", "Http:Bind")]
    [InlineData("Identity:InternalKey", "short", "InternalKey")]
    [InlineData("Storage:ReserveMiB", "-1", "ReserveMiB")]
    [InlineData("Storage:Documents", "Oracle", "Storage:Documents")]
    [InlineData("Bus:Attempts", "0", "Attempts")]
    public async Task Start_BadSetting_NamesIt(string key, string value, string named)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => TestService.Start(settings: new Dictionary<string, string?> { [key] = value }));
        Assert.Contains(named, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ServiceWithoutItsSecretOrBus_Refuses()
    {
        var secret = await Assert.ThrowsAsync<OptionsValidationException>(() => TestService.Start(name: "pathology-tiling", settings: new Dictionary<string, string?> { ["Bus:Transport"] = "InMemory" }));
        Assert.Contains("Identity:InternalKey", secret.Message, StringComparison.Ordinal);
        var bus = await Assert.ThrowsAsync<InvalidOperationException>(() => TestService.Start(name: "pathology-tiling", settings: new Dictionary<string, string?> { ["Identity:InternalKey"] = new string('k', 32) }));
        Assert.Contains("Bus:Transport", bus.Message, StringComparison.Ordinal);
    }

    private string lastId = "";

    private void Map(WebApplication app)
    {
        app.MapGet("/who", (HttpContext context) => $"{context.Caller().Site} {context.Caller().IsOperator}");
        app.MapGet("/operators", (HttpContext context) => $"{context.Caller().Site} {context.Caller().IsOperator}").RequireOperator();
        app.MapGet("/headers", (HttpContext context) => $"{context.Caller().Site} {string.Join(',', context.Request.Headers.Keys.Where(name => name.StartsWith("x-bonemet", StringComparison.OrdinalIgnoreCase)))}");
        app.MapGet("/returned", () => Problems.NotFound("case-not-found", "There is no such case."));
        app.MapGet("/number", (int n) => n);
        app.MapGet("/thrown", IResult () => throw Problems.Conflict("taken", "This is taken."));
        app.MapGet("/broken", IResult () => throw new InvalidOperationException("the secret"));
        app.MapGet("/full", IResult () => throw new DiskFullException());
        app.MapPost("/small", async (HttpContext context) => { await context.Request.Body.CopyToAsync(Stream.Null); return Results.Ok(); }).WithBodyLimit(1000);
        app.MapPost("/things", async (Thing thing, HttpContext context, TimeProvider clock) =>
        {
            if (thing.Name.Length == 0) { return Problems.Unprocessable("no-name", "A thing has a name."); }
            lastId = context.NewId(clock);
            if (thing.Name == "fail") { throw new InvalidOperationException("failed"); }
            if (thing.Name == "slow") { await Task.Delay(200); }
            Interlocked.Increment(ref effects);
            return Results.Created($"/things/{lastId}", new { id = lastId, thing.Name });
        }).WithIdempotency();
        app.MapGet("/events", (HttpContext context) => new ServerSentEvents(_ => Steps(int.Parse(ServerSentEvents.LastEventId(context) ?? "0"))));
    }

    private static async IAsyncEnumerable<ServerSentEvent> Steps(int after)
    {
        for (var i = after + 1; i <= 4; i++)
        {
            await Task.Yield();
            yield return new ServerSentEvent($"{i}", "step", new { number = i });
        }
    }

    private async Task<HttpResponseMessage> Post(string key, string name, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/things") { Content = JsonContent.Create(new Thing(name)) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await (by ?? client).SendAsync(request);
    }

    private static async Task<string> Expect(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
        return text;
    }

    private sealed record Thing(string Name);
}
