using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BoneMet.FunctionalTests.Platform;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>The CDS Hooks service as an electronic record calls it.</summary>
public sealed class CdsHooksTests(PlatformFixture platform)
{
    private const string Patient = """{"resourceType":"Patient","id":"hidden-patient-id","gender":"male","birthDate":"1961-04-30"}""";

    private const string Conditions = """
        {"resourceType":"Bundle","type":"searchset","entry":[
          {"resource":{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C34.1"}]}}},
          {"resource":{"resourceType":"Condition","code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/icd-o-3","code":"8140/3"}]}}},
          {"resource":{"resourceType":"Condition","code":{"coding":[{"system":"http://snomed.info/sct","code":"94381002"}]}}},
          {"resource":{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"refuted"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C79.3"}]}}}]}
        """;

    private const string Observations = """
        {"resourceType":"Bundle","type":"searchset","entry":[
          {"resource":{"resourceType":"Observation","status":"final","effectiveDateTime":"2026-01-05","code":{"coding":[{"system":"http://loinc.org","code":"21889-1"}]},"valueQuantity":{"value":28,"unit":"mm"}}},
          {"resource":{"resourceType":"Observation","status":"final","effectiveDateTime":"2026-03-01","code":{"coding":[{"system":"http://loinc.org","code":"21889-1"}]},"valueQuantity":{"value":41,"unit":"mm"}}}]}
        """;

    [Fact]
    public async Task Discovery_NamesTheServiceAndItsPrefetch()
    {
        using var http = platform.Client(platform.SiteA);
        var service = Assert.Single((await http.GetFromJsonAsync<JsonElement>("/cds-services")).GetProperty("services").EnumerateArray());
        Assert.Equal(("patient-view", "bone-metastasis-risk"), (service.GetProperty("hook").GetString(), service.GetProperty("id").GetString()));
        Assert.Equal("Patient/{{context.patientId}}", service.GetProperty("prefetch").GetProperty("patient").GetString());
        Assert.False(string.IsNullOrEmpty(service.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task Hook_OfALungCancerPatient_AnswersOneCardWithTheNewestValues()
    {
        var card = Assert.Single((await Call($$"""{"patient":{{Patient}},"conditions":{{Conditions}},"observations":{{Observations}}}""")).GetProperty("cards").EnumerateArray());
        Assert.InRange(card.GetProperty("summary").GetString()!.Length, 1, 139);
        Assert.Equal("warning", card.GetProperty("indicator").GetString());
        Assert.StartsWith("BoneMetPlatform, lung-adenocarcinoma-seer 1.", card.GetProperty("source").GetProperty("label").GetString());
        Assert.True(Guid.TryParse(card.GetProperty("uuid").GetString(), out _));
        var detail = card.GetProperty("detail").GetString()!;
        foreach (var told in new[] { "Of 100 patients", "**Used:** ", "**Missing:** ", "**Interval:** independence-approximation", "told 2 times", "refuted", "Not a medical device" }) { Assert.Contains(told, detail); }
        Assert.DoesNotContain("hidden-patient-id", card.GetRawText());
        Assert.Equal(card.GetRawText(), (await Call($$"""{"patient":{{Patient}},"conditions":{{Conditions}},"observations":{{Observations}}}""")).GetProperty("cards")[0].GetRawText());
    }

    [Fact]
    public async Task Hook_OfAPatientWithoutCancer_AnswersNoCard() =>
        Assert.Empty((await Call($$$"""{"patient":{{{Patient}}},"conditions":{"resourceType":"Bundle","type":"searchset"}}""")).GetProperty("cards").EnumerateArray());

    [Theory]
    [InlineData("no-such-service", """{"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{}}""", HttpStatusCode.NotFound)]
    [InlineData("bone-metastasis-risk", """{"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("bone-metastasis-risk", """{"hook":"patient-view","hookInstance":"1","context":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("bone-metastasis-risk", """{"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"}""", HttpStatusCode.BadRequest)]
    [InlineData("bone-metastasis-risk", """{"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{},"prefetch":{"patient":null}}""", HttpStatusCode.PreconditionFailed)]
    [InlineData("bone-metastasis-risk", "[]", HttpStatusCode.BadRequest)]
    public async Task Hook_ThatCannotBeAnswered_IsRefusedWithAProblem(string id, string body, HttpStatusCode expected)
    {
        using var http = platform.Client(platform.SiteA);
        using var response = await http.PostAsync($"/cds-services/{id}", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var nobody = platform.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/cds-services")).StatusCode);
    }

    private async Task<JsonElement> Call(string prefetch)
    {
        using var http = platform.Client(platform.SiteA);
        var body = $$"""{"hook":"patient-view","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{"userId":"Practitioner/1","patientId":"hidden-patient-id"},"prefetch":{{prefetch}}}""";
        using var response = await http.PostAsync("/cds-services/bone-metastasis-risk", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
