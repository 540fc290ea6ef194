using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BoneMet.CohortAnalysis;
using BoneMet.Contracts.V1;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using BoneMet.RiskModels;
using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Tables;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Cohorts;

public sealed class CohortServiceTests : IAsyncLifetime
{
    private const string Protocol = """{"schema":"bonemet.study/1","kind":"fit","outcome":"bm","factors":["age","sex"],"seed":7}""";
    private TestService _service = null!;
    private HttpClient _site = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.Start(
            builder =>
            {
                builder.AddCohortAnalysis();
                builder.AddGrpcPeer<Contracts.V1.Cohorts.CohortsClient>("cohort-analysis");
            },
            bus => bus.AddCohortAnalysisConsumers(), app => app.MapCohortAnalysis());
        _site = await _service.Client("site-a");
    }

    public async ValueTask DisposeAsync()
    {
        _site.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Study_UploadedCohort_GivesResultPicturesReportAndModel()
    {
        var cohort = await Upload(Csv(2000));
        Assert.Equal(2000, cohort.GetProperty("rows").GetInt32());
        var study = await Finished(cohort.GetProperty("cohortId").GetString()!, Protocol);
        Assert.Equal("done", study.GetProperty("state").GetString());

        var links = study.GetProperty("links");
        var result = await Get(links.GetProperty("result").GetString()!);
        Assert.Equal(["(Intercept)", "age", "sexMale"], result.GetProperty("glm").GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("term").GetString()));
        Assert.Equal(cohort.GetProperty("sha256").GetString(), result.GetProperty("study").GetProperty("data_sha256").GetString());
        Assert.StartsWith("<svg", await Text(links.GetProperty("picture:roc").GetString()!), StringComparison.Ordinal);
        Assert.Contains("TRIPOD+AI", await Text(links.GetProperty("report").GetString()!), StringComparison.Ordinal);
        Assert.NotNull(ModelFile.Load(await Text(links.GetProperty("model").GetString()!)).Model);
    }

    [Fact]
    public async Task Study_SameProtocolAgain_IsTheSameStudyWithTheSameBytes()
    {
        var cohort = (await Upload(Csv(800))).GetProperty("cohortId").GetString()!;
        var first = await Finished(cohort, Protocol);
        var again = await Finished(cohort, Protocol);
        Assert.Equal(first.GetProperty("studyId").GetString(), again.GetProperty("studyId").GetString());

        var other = (await Upload(Csv(800))).GetProperty("cohortId").GetString()!;
        var repeated = await Finished(other, Protocol);
        Assert.NotEqual(first.GetProperty("studyId").GetString(), repeated.GetProperty("studyId").GetString());
        Assert.Equal(await Text(first.GetProperty("links").GetProperty("result").GetString()!), await Text(repeated.GetProperty("links").GetProperty("result").GetString()!));
    }

    [Fact]
    public async Task Study_ThatIsNotPossible_SaysWhy()
    {
        var cohort = (await Upload(Csv(200))).GetProperty("cohortId").GetString()!;
        var study = await Finished(cohort, """{"kind":"fit","outcome":"bm","factors":["agee"]}""");
        Assert.Equal("failed", study.GetProperty("state").GetString());
        Assert.Contains("There is no column 'agee' (perhaps 'age'?)", study.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"fit"}""")]
    [InlineData("""{"kind":"guess","outcome":"bm"}""")]
    [InlineData("""{"kind":"fit","outcome":"bm","bootstrap":-1}""")]
    [InlineData("""{"kind":"fit","outcome":"bm","colour":"red"}""")]
    [InlineData("not json")]
    public async Task Protocol_ThatIsWrong_Is422(string protocol)
    {
        var cohort = (await Upload(Csv(50))).GetProperty("cohortId").GetString()!;
        using var content = new StringContent(protocol, Encoding.UTF8, "application/json");
        using var answer = await _site.PostAsync(new Uri($"/api/v1/cohorts/{cohort}/studies", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("bad-protocol", (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Upload_ThatIsNoTable_Is422()
    {
        using var content = new ByteArrayContent("PK\u0003\u0004workbook"u8.ToArray());
        using var answer = await _site.PostAsync(new Uri("/api/v1/cohorts", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task Cohort_OfAnotherSite_DoesNotExist()
    {
        var cohort = (await Upload(Csv(50))).GetProperty("cohortId").GetString()!;
        using var stranger = await _service.Client("site-b");
        using var answer = await stranger.GetAsync(new Uri($"/api/v1/cohorts/{cohort}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Study_ValidatedOnASecondCohort_JudgesTheModelThere()
    {
        var first = await Upload(Csv(1500));
        var second = await Upload(Csv(900, seed: 12));
        var hash = second.GetProperty("sha256").GetString()!;
        var study = await Finished(first.GetProperty("cohortId").GetString()!, Protocol.Replace("\"seed\":7", $"\"seed\":7,\"validateOn\":\"{hash}\"", StringComparison.Ordinal));
        Assert.Equal("done", study.GetProperty("state").GetString());
        var result = await Get(study.GetProperty("links").GetProperty("result").GetString()!);
        Assert.Equal(hash, result.GetProperty("study").GetProperty("protocol").GetProperty("validateOn").GetString());
        var external = result.GetProperty("external_validation");
        Assert.Equal(900, external.GetProperty("n").GetInt32());
        Assert.InRange(external.GetProperty("auc").GetDouble(), 0.5, 0.8);
        Assert.NotEqual(result.GetProperty("roc").GetProperty("auc").GetDouble(), external.GetProperty("auc").GetDouble());
    }

    [Fact]
    public async Task Study_SecondCohortOfAnotherSite_Is422()
    {
        var first = await Upload(Csv(300));
        using var other = await _service.Client("site-b");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Csv(301, seed: 13)));
        using var uploaded = await other.PostAsync(new Uri("/api/v1/cohorts?name=theirs", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var hash = (await uploaded.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("sha256").GetString();
        using var protocol = new StringContent($$"""{"schema":"bonemet.study/1","kind":"fit","outcome":"bm","validateOn":"{{hash}}"}""", Encoding.UTF8, "application/json");
        using var answer = await _site.PostAsync(new Uri($"/api/v1/cohorts/{first.GetProperty("cohortId").GetString()}/studies", UriKind.Relative), protocol, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("unknown-second-cohort", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Atlas_ModelOfAType_IsThatTypesOwnDocument()
    {
        var lines = Csv(1600).TrimEnd('\n').Split('\n');
        var typed = string.Join('\n', lines.Select((line, i) => $"{(i == 0 ? "cancer" : i % 2 == 0 ? "lung" : "breast")},{line.TrimEnd('\r')}"));
        var cohort = await Upload(typed + "\n");
        var study = await Finished(cohort.GetProperty("cohortId").GetString()!, """{"schema":"bonemet.study/1","kind":"atlas","outcome":"bm","factors":["age","sex"],"strata":"cancer","seed":7}""");
        Assert.Equal("done", study.GetProperty("state").GetString());
        var links = study.GetProperty("links");
        var ids = new HashSet<string>();
        foreach (var type in (string[])["lung", "breast"])
        {
            var model = ModelFile.Load(await Text(links.GetProperty($"model:{type}").GetString()!)).Model;
            Assert.NotNull(model);
            ids.Add(model.Id);
        }
        Assert.Equal(2, ids.Count);
        var path = links.GetProperty("model:lung").GetString()!.Split('?')[0];
        foreach (var query in (string[])["", "?type=prostate"])
        {
            using var answer = await _site.GetAsync(new Uri(path + query, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Describe_OverGrpc_CountsEventsAndMissing()
    {
        var cohort = await Upload(Csv(300) + ",,,\n");
        var client = _service.Services.GetRequiredService<Contracts.V1.Cohorts.CohortsClient>();
        var reply = await client.DescribeAsync(new DescribeCohortRequest { Blob = cohort.GetProperty("sha256").GetString(), Outcome = "bm" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(301, reply.Rows);
        Assert.Equal(1, reply.OutcomeMissing);
        Assert.InRange(reply.Events, 1, 299);
        using var table = JsonDocument.Parse(reply.Json);
        Assert.Equal(reply.Events, table.RootElement.GetProperty("n_event").GetInt32());
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await client.DescribeAsync(new DescribeCohortRequest { Blob = new string('0', 64), Outcome = "bm" }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    private static string Csv(int n, long seed = 11)
    {
        var plan = new SimulationPlan
        {
            Cancers =
            [
                new SimulatedCancer
                {
                    Name = "lung", Prevalence = 0.3,
                    Factors = [new() { Name = "age", Mean = 62, Deviation = 10, Slope = 0.03 }, new() { Name = "sex", Levels = ["Female", "Male"], Shares = [0.5, 0.5], Effects = [0, 0.5] }],
                },
            ],
        };
        var table = CohortSimulator.Draw(plan, n, seed, null, TestContext.Current.CancellationToken).Table;
        using var text = new StringWriter();
        TableWriter.Write(new Table([table["site"], table["age"], table["sex"], table["bm"]]), text, TestContext.Current.CancellationToken);
        return text.ToString();
    }

    private async Task<JsonElement> Upload(string csv)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        using var answer = await _site.PostAsync(new Uri("/api/v1/cohorts?name=demo", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private async Task<JsonElement> Finished(string cohort, string protocol)
    {
        using var content = new StringContent(protocol, Encoding.UTF8, "application/json");
        using var answer = await _site.PostAsync(new Uri($"/api/v1/cohorts/{cohort}/studies", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            var study = await Get(answer.Headers.Location!.ToString());
            if (study.GetProperty("state").GetString() is not ("queued" or "running")) { return study; }
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "the study does not finish");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private async Task<JsonElement> Get(string path) => await _site.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private async Task<string> Text(string path) => await _site.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
