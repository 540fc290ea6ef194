using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.FunctionalTests.Faults;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.FunctionalTests.Platform;

/// <summary>The REST API as a site meets it, over loopback, against AllInOne as a process.</summary>
public sealed class ApiTests(PlatformFixture platform)
{
    private readonly HttpClient site = platform.Client(platform.SiteA);

    [Fact]
    public async Task Case_OfAnotherSite_IsNotFoundByAnyRoute()
    {
        var created = await PlatformFixture.Open(site, SmallCase.Clinical());
        using var other = platform.Client(platform.SiteB);
        foreach (var path in new[] { "", "/prediction", "/nomogram.svg", "/report", "/report.sr.dcm", "/recomputation", "/events" })
        {
            using var response = await other.GetAsync($"cases/{created.Id}{path}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        using var images = await other.PostAsync($"cases/{created.Id}/images", new ByteArrayContent(SmallCase.ImagesZip()) { Headers = { { "Content-Type", "application/zip" } } });
        Assert.Equal(HttpStatusCode.NotFound, images.StatusCode);
        using var slide = await other.PostAsync($"cases/{created.Id}/slides", new ByteArrayContent(SmallCase.Slide()) { Headers = { { "Content-Type", "application/octet-stream" } } });
        Assert.Equal(HttpStatusCode.NotFound, slide.StatusCode);
        using var factors = await other.PutAsJsonAsync($"cases/{created.Id}/factors", new NewFactors { Factors = [] });
        Assert.Equal(HttpStatusCode.NotFound, factors.StatusCode);

        using var operators = platform.Client(platform.OperatorKey);
        Assert.Equal(created.Id, (await operators.GetFromJsonAsync<CaseView>($"cases/{created.Id}", JsonSerializerOptions.Web))!.Id);
    }

    [Theory]
    [InlineData("cases")]
    [InlineData("models")]
    [InlineData("cases/x/report")]
    public async Task Request_WithoutOrWithAWrongKey_Is401WithAProblem(string path)
    {
        foreach (var key in new[] { null, "bm_site-a_wrong", platform.SiteA + "x" })
        {
            using var http = platform.Client(key);
            using var response = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("""{"subject":"s1","cancerType":"spleen-of-unicorn"}""", "cancer-type-unknown", "spleen-of-unicorn")]
    [InlineData("""{"subject":"s1"}""", "cancer-type-missing", "cancerType")]
    [InlineData("""{"cancerType":"lung"}""", "subject", "pseudonym")]
    [InlineData("""{"subject":"Jane Doe","cancerType":"lung"}""", "subject", "pseudonym")]
    [InlineData("""{"subject":"s1","cancerType":"prostate","factors":[{"name":"psa","value":20,"unit":"furlong"}]}""", "factors-not-taken", "psa")]
    [InlineData("""{"subject":"s1","cancerType":"lung","factors":[{"name":"age","value":900,"unit":"years"}]}""", "factors-not-taken", "age")]
    [InlineData("""{"subject":"s1","cancerType":"lung","factors":[{"name":"sex","value":"purple"}]}""", "factors-not-taken", "sex")]
    [InlineData("""{"subject":"s1","cancerType":"lung","factors":[{"name":"shoe-size","value":43}]}""", "factors-not-taken", "shoe-size")]
    [InlineData("""{"subject":"s1","cancerType":"lung","expected":["blood"]}""", "expected", "blood")]
    public async Task NewCase_ThatCannotBeTaken_SaysWhichItemAndWhy(string body, string code, string named)
    {
        using var response = await site.PostAsync("cases", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Contains(named, problem.RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("")]
    public async Task NewCase_ThatIsNotACaseInJson_Is400WithAProblem(string body)
    {
        using var response = await site.PostAsync("cases", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task NewCase_SentTwiceWithOneIdempotencyKey_IsMadeOnce()
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            using var request = Post(SmallCase.Clinical() with { Subject = "idem-1" }, "key-1");
            using var response = await site.SendAsync(request);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            ids.Add((await response.Content.ReadFromJsonAsync<CaseView>(JsonSerializerOptions.Web))!.Id);
        }
        Assert.Single(ids);
        using var different = await site.SendAsync(Post(SmallCase.Clinical() with { Subject = "idem-2" }, "key-1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, different.StatusCode);
    }

    [Fact]
    public async Task Cases_PagedByCursor_ComeOnceEachNewestFirst()
    {
        var opened = new List<string>();
        for (var i = 0; i < 7; i++) { opened.Add((await PlatformFixture.Open(site, SmallCase.Clinical() with { Subject = $"page-{i}" })).Id); }
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await site.GetFromJsonAsync<PageView<CaseSummary>>($"cases?limit=3{(after is null ? "" : $"&cursor={Uri.EscapeDataString(after)}")}", JsonSerializerOptions.Web))!;
            Assert.InRange(page.Items.Count, 0, 3);
            Assert.All(page.Items, item => Assert.Equal("site-a", item.Site));
            seen.AddRange(page.Items.Select(item => item.Id));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(seen.Distinct(), seen);
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
        Assert.All(opened, id => Assert.Contains(id, seen));
    }

    [Fact]
    public async Task Factors_Changed_AddAPredictionAndKeepTheEarlierOne()
    {
        var created = await PlatformFixture.Open(site, SmallCase.Clinical());
        var first = await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 1);
        var changed = SmallCase.Clinical().Factors!.Select(factor => factor.Name == "tumour-size" ? factor with { Value = JsonSerializer.SerializeToElement(15) } : factor).ToList();
        using var response = await site.PutAsJsonAsync($"cases/{created.Id}/factors", new NewFactors { Factors = changed }, JsonSerializerOptions.Web);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var second = await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 2);
        Assert.Equal(first.Predictions[0].GetRawText(), second.Predictions[0].GetRawText());
        Assert.NotEqual(Probability(second.Predictions[0]), Probability(second.Predictions[1]));

        using var again = await site.PutAsJsonAsync($"cases/{created.Id}/factors", new NewFactors { Factors = changed }, JsonSerializerOptions.Web);
        Assert.True(again.IsSuccessStatusCode);
        Assert.Equal(2, (await PlatformFixture.Settled(site, created.Id)).Predictions.Count);
    }

    [Fact]
    public async Task Strands_OneAfterTheOther_AddOnePredictionForEachSet()
    {
        var created = await PlatformFixture.Open(site, SmallCase.Clinical());
        await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 1);
        await Upload(created.Id, "images", SmallCase.ImagesZip(), "application/zip");
        await PlatformFixture.Wait(site, created.Id, view => view.Strands["imaging"].Status == "ready");
        await Upload(created.Id, "slides", SmallCase.Slide(), "application/octet-stream");
        var final = await PlatformFixture.Wait(site, created.Id, view => view.Strands["pathology"].Status == "ready" && view.Settled);
        Assert.Equal(3, final.Predictions.Count);
        Assert.Equal(["clinical", "imaging", "pathology"], final.Predictions[2].GetProperty("strands").EnumerateObject().Select(strand => strand.Name).Order());
        Assert.All(final.Strands, strand => Assert.Equal("ready", strand.Value.Status));
        Assert.False(final.Strands["imaging"].Label!.Trained && final.Predictions[2].GetProperty("labels").EnumerateArray().All(label => label.GetProperty("entered").GetBoolean()));
    }

    [Fact]
    public async Task Prediction_CarriesAllThatAClinicianMustDefend()
    {
        var created = await PlatformFixture.Open(site, SmallCase.Clinical());
        await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 1);
        var prediction = await site.GetFromJsonAsync<JsonElement>($"cases/{created.Id}/prediction");
        Assert.InRange(Probability(prediction), 0.001, 0.999);
        foreach (var name in new[] { "modelId", "modelVersion", "modelSha256", "interval", "points", "missing", "inputs", "intendedUse", "citation", "provider", "at" })
        {
            Assert.True(prediction.TryGetProperty(name, out _), $"{name} is missing");
        }
        Assert.False(string.IsNullOrEmpty(prediction.GetProperty("interval").GetProperty("kind").GetString()));

        var nomogram = await site.GetStringAsync($"cases/{created.Id}/nomogram.svg");
        Assert.StartsWith("<svg", nomogram.TrimStart().Replace("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "", StringComparison.OrdinalIgnoreCase).TrimStart());
        var report = await site.GetStringAsync($"cases/{created.Id}/report");
        Assert.Contains(prediction.GetProperty("modelId").GetString()!, report);
        Assert.DoesNotContain("<script src", report);
    }

    [Fact]
    public async Task Events_Resumed_GoOnAfterTheLastOneSeen()
    {
        var created = await PlatformFixture.Open(site, SmallCase.Clinical());
        var settled = await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 1);
        var all = await ReadEvents(created.Id, null, settled.Timeline.Count);
        Assert.Equal(settled.Timeline.Select(entry => entry.Sequence), all);
        Assert.Equal(all.Skip(2), await ReadEvents(created.Id, all[1], all.Count - 2));
    }

    [Fact]
    public async Task Predict_Stateless_EqualsTheCaseOfTheSameInput()
    {
        var clinical = SmallCase.Clinical();
        var created = await PlatformFixture.Open(site, clinical);
        var view = await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 1);
        using var response = await site.PostAsJsonAsync("predict", new StatelessPrediction { CancerType = clinical.CancerType, Histology = clinical.Histology, Factors = clinical.Factors }, JsonSerializerOptions.Web);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        using var prediction = JsonDocument.Parse(text);
        Assert.Equal(Probability(view.Predictions[0]), Probability(prediction.RootElement));

        using var again = await site.PostAsJsonAsync("predict", new StatelessPrediction { CancerType = clinical.CancerType, Histology = clinical.Histology, Factors = clinical.Factors }, JsonSerializerOptions.Web);
        Assert.Equal(text, await again.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"model":"no-such-model"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"cancerType":"lung","labels":[{"modality":"smell","logit":1}]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"cancerType":"lung","labels":[{"modality":"imaging"}]}""", HttpStatusCode.BadRequest)]
    public async Task Predict_BadInput_IsRefusedWithAProblem(string body, HttpStatusCode expected)
    {
        using var response = await site.PostAsync("predict", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Batch_OfATable_GivesEachRowItsProbabilityOrItsProblem()
    {
        const string table = "id,sex,other-metastatic-sites,tumour-size [mm]\n1,male,1,34\n2,purple,0,15\n";
        using var response = await site.PostAsync("predict/batch?model=lung-adenocarcinoma-seer", new StringContent(table, Encoding.UTF8, "text/csv"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var lines = text.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        using var single = await site.PostAsync("predict", new StringContent("""{"model":"lung-adenocarcinoma-seer","factors":[{"name":"sex","value":"male"},{"name":"other-metastatic-sites","value":1},{"name":"tumour-size","value":34,"unit":"mm"}]}""", Encoding.UTF8, "application/json"));
        var expected = (await single.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("probability").GetDouble();
        Assert.Equal(expected, double.Parse(lines[1].Split(',')[1]), 1e-12);
        Assert.Contains("purple", lines[2]);

        using var unknown = await site.PostAsync("predict/batch?model=none", new StringContent(table, Encoding.UTF8, "text/csv"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var empty = await site.PostAsync("predict/batch?model=lung-adenocarcinoma-seer", new StringContent("", Encoding.UTF8, "text/csv"));
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
    }

    [Theory]
    [InlineData("report?language=zh", "text/html")]
    [InlineData("report?language=ru", "text/html")]
    [InlineData("report.pdf", "application/pdf")]
    [InlineData("fhir", "application/fhir+json")]
    public async Task Case_InOtherForms_IsReadable(string form, string type)
    {
        var created = await PlatformFixture.Open(site, SmallCase.Clinical());
        await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 1);
        using var response = await site.GetAsync($"cases/{created.Id}/{form}");
        var content = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(content));
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.True(content.Length > 1000);
        Assert.True(content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(SmallCase.Clinical().Subject!)) < 0, "the subject is in it");
        using var wrong = await site.GetAsync($"cases/{created.Id}/report?language=xx");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Model_PublishedByAnOperator_AnswersAndIsCheckedFirst()
    {
        // A platform of its own: what is published here would be an alternative in the predictions that other tests compare.
        await using var own = new PlatformFixture();
        await own.InitializeAsync();
        using var operators = own.Client(own.OperatorKey);
        using var site = own.Client(own.SiteA);
        var key = ModelSigning.NewKey();
        var document = System.Text.Json.Nodes.JsonNode.Parse(await site.GetStringAsync("models/lung-adenocarcinoma-seer"))!.AsObject();
        document["id"] = "lung-adenocarcinoma-copy";
        document["automatic"] = false;
        document.Remove("signature");
        StringContent Signed() => new(ModelFile.Save(ModelSigning.Sign(ModelFile.Load(document.ToJsonString()).Require(), key)), Encoding.UTF8, "application/json");
        using var refused = await site.PostAsync("models", Signed());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var published = await operators.PostAsync("models", Signed());
        Assert.True(published.StatusCode == HttpStatusCode.Created, await published.Content.ReadAsStringAsync());
        using var predicted = await site.PostAsync("predict", new StringContent("""{"model":"lung-adenocarcinoma-copy","factors":[{"name":"other-metastatic-sites","value":1}]}""", Encoding.UTF8, "application/json"));
        Assert.True(predicted.IsSuccessStatusCode, await predicted.Content.ReadAsStringAsync());

        document["terms"]![0]!["levels"]![1]!["beta"] = 9;
        using var changed = await operators.PostAsync("models", new StringContent(document.ToJsonString(), Encoding.UTF8, "application/json"));
        Assert.Contains(changed.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Conflict });
        using var broken = await operators.PostAsync("models", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.NotEmpty(JsonDocument.Parse(await broken.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task Models_Listed_CanEachBeRead()
    {
        var list = (await site.GetFromJsonAsync<PageView<ModelView>>("models", JsonSerializerOptions.Web))!;
        Assert.True(list.Items.Count >= 2);
        foreach (var model in list.Items)
        {
            using var document = JsonDocument.Parse(await site.GetStringAsync($"models/{model.Id}"));
            Assert.Equal(model.Id, document.RootElement.GetProperty("id").GetString());
            Assert.Equal(model.Version, document.RootElement.GetProperty("version").GetString());
        }
    }

    [Fact]
    public async Task Health_AndMetrics_AnswerWithoutAKeyAndWithoutIdentity()
    {
        const string subject = "subject-seen-nowhere";
        var created = await PlatformFixture.Open(site, SmallCase.Clinical() with { Subject = subject });
        await PlatformFixture.Wait(site, created.Id, view => view.Predictions.Count == 1);
        using var anonymous = new HttpClient { BaseAddress = platform.Url };
        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics", "/", "/openapi/v1.json" })
        {
            using var response = await anonymous.GetAsync(path);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
            Assert.DoesNotContain(subject, await response.Content.ReadAsStringAsync());
        }
        foreach (var log in Directory.GetFiles(Path.Combine(platform.Folder, "log")))
        {
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            Assert.DoesNotContain(subject, await reader.ReadToEndAsync());
        }
        Assert.All(platform.Traces.Raw, raw => Assert.True(raw.AsSpan().IndexOf(Encoding.UTF8.GetBytes(subject)) < 0, "the subject is in a trace"));
    }

    [Fact]
    public async Task Upload_ToPrediction_IsOneTrace()
    {
        using var client = new Cli.Demo.PlatformClient(platform.Url, platform.SiteA);
        var created = await client.CreateCase(SmallCase.Clinical() with { Expected = ["imaging", "pathology"] }, CancellationToken.None);
        using var http = platform.Client(platform.SiteA);
        http.DefaultRequestHeaders.Add("traceparent", $"00-{client.TraceId}-00f067aa0ba902b7-01");
        await Send(http, created.Id, "images", SmallCase.ImagesZip(), "application/zip");
        await Send(http, created.Id, "slides", SmallCase.Slide(seed: 41), "application/octet-stream");
        var view = await PlatformFixture.Settled(site, created.Id);
        Assert.Equal(client.TraceId, view.TraceId);
        Assert.Equal(client.TraceId, view.Timeline.Last(entry => entry.Kind == "prediction-added").TraceId);

        string[] wanted = ["POST /api/v1/cases", "FactorsSubmitted", "ImagingStored", "SlideTiled", "ReadTiles", "PathologyLabelled", "ImagingLabelled", "infer"];
        var names = new List<string>();
        for (var attempt = 0; attempt < 100 && !wanted.All(name => names.Any(seen => seen.Contains(name, StringComparison.OrdinalIgnoreCase))); attempt++)
        {
            await Task.Delay(200);
            names = [.. platform.Traces.Spans.Where(span => span.TraceId == client.TraceId).Select(span => span.Name)];
        }
        Assert.All(wanted, name => Assert.Contains(names, seen => seen.Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    private async Task Upload(string id, string what, byte[] body, string type) => await Send(site, id, what, body, type);

    private static async Task Send(HttpClient http, string id, string what, byte[] body, string type)
    {
        using var response = await http.PostAsync($"cases/{id}/{what}", new ByteArrayContent(body) { Headers = { { "Content-Type", type } } });
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
    }

    private async Task<List<int>> ReadEvents(string id, int? after, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"cases/{id}/events");
        if (after is { } last) { request.Headers.Add("Last-Event-ID", $"{last}"); }
        using var response = await site.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var ids = new List<int>();
        while (ids.Count < count && await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) { ids.Add(int.Parse(line[4..])); }
        }
        return ids;
    }

    private static HttpRequestMessage Post(NewCase body, string idempotencyKey) => new(HttpMethod.Post, "cases")
    {
        Content = JsonContent.Create(body, options: JsonSerializerOptions.Web),
        Headers = { { "Idempotency-Key", idempotencyKey } },
    };

    private static double Probability(JsonElement prediction) => prediction.GetProperty("probability").GetDouble();
}
