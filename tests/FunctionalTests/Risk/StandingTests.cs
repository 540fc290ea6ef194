using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>Versions of a model on a platform: who answers, who is computed beside, who is retired, and that what was answered comes out again.</summary>
public sealed class StandingTests
{
    private const string Id = "lung-adenocarcinoma-seer";
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Challenger_OnTheSameCases_StandsBesideTheChampionAndNeverInItsPlace()
    {
        await using var host = await RiskHost.Start();
        var challenger = RiskHost.Recalibrated(Id, "site-a", 0.8);
        await Published(host, RiskHost.Signed(challenger));
        var before = await RiskHost.Predicted(host.Site, RiskHost.Case(size: 30));
        Assert.Equal(challenger.Version, before.Predictions[0].GetProperty("modelVersion").GetString());

        var versions = await Stand(host, new NewStanding { Challenger = challenger.Version });
        Assert.Equal("challenger", versions.Single(one => one.Version == challenger.Version).Role);
        Assert.Equal("champion", versions.Single(one => one.Version == "1.0.0").Role);
        var view = await RiskHost.Predicted(host.Site, RiskHost.Case());
        var prediction = view.Predictions[0];
        Assert.Equal("1.0.0", prediction.GetProperty("modelVersion").GetString());
        Assert.Equal(challenger.Version, prediction.GetProperty("challenger").GetProperty("modelVersion").GetString());
        Assert.NotEqual(Probability(prediction), Probability(prediction.GetProperty("challenger")));
        Assert.Contains(challenger.Version, await host.Site.GetStringAsync($"/api/v1/cases/{view.Id}/report", Ending));

        var comparison = (await host.Site.GetFromJsonAsync<ComparisonView>($"/api/v1/models/{Id}/comparison", JsonSerializerOptions.Web, Ending))!;
        Assert.Equal(2, comparison.Cases);
        var item = comparison.Items.Single(one => one.CaseId == view.Id);
        Assert.Equal((Probability(prediction), Probability(prediction.GetProperty("challenger"))), (item.Champion, item.Challenger));
        var standing = (await host.Site.GetFromJsonAsync<StandingView>($"/api/v1/models/{Id}/standing", JsonSerializerOptions.Web, Ending))!;
        Assert.Equal(("1.0.0", $"{Id}@{challenger.Version}"), (standing.Champion, standing.Challenger));
        Assert.NotNull(versions.Single(one => one.Version == challenger.Version).SignedBy);
        Assert.Null(versions.Single(one => one.Version == "1.0.0").SignedBy);
        Assert.Equal(0, (await host.Other.GetFromJsonAsync<ComparisonView>($"/api/v1/models/{Id}/comparison", JsonSerializerOptions.Web, Ending))!.Cases);
        await ComesOutAgain(host, view.Id, 2);
        await ComesOutAgain(host, before.Id, 1);
    }

    [Fact]
    public async Task SiteVersion_AnswersForItsOwnSiteAlone()
    {
        await using var host = await RiskHost.Start();
        var own = RiskHost.Recalibrated(Id, "site-a", 0.8);
        await Published(host, RiskHost.Signed(own));
        Assert.Equal(own.Version, (await RiskHost.Predicted(host.Site, RiskHost.Case())).Predictions[0].GetProperty("modelVersion").GetString());
        Assert.Equal("1.0.0", (await RiskHost.Predicted(host.Other, RiskHost.Case())).Predictions[0].GetProperty("modelVersion").GetString());
        var seen = (await host.Other.GetFromJsonAsync<PageView<ModelVersionView>>($"/api/v1/models/{Id}/versions", JsonSerializerOptions.Web, Ending))!.Items;
        Assert.DoesNotContain(seen, one => one.Version == own.Version);
        Assert.Contains(own.Performance, measure => measure is { Name: "brier", Set: "cross-validation", Patients: 400 });
        Assert.Contains(own.Performance, measure => measure is { Name: "parent-calibration-slope", Set: "external" });
    }

    [Fact]
    public async Task Version_Retired_AnswersNoMoreAndItsPredictionsComeOutAgain()
    {
        await using var host = await RiskHost.Start();
        var own = RiskHost.Recalibrated(Id, "site-a", 0.8);
        await Published(host, RiskHost.Signed(own));
        var view = await RiskHost.Predicted(host.Site, RiskHost.Case());
        var versions = await Stand(host, new NewStanding { Retired = [new NewRetirement(own.Version, "Drifted."), new NewRetirement("1.0.0", "Superseded.")] });
        Assert.All(versions, one => Assert.Equal("retired", one.Role));

        using var gone = await host.Site.GetAsync($"/api/v1/models/{Id}", Ending);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Contains("Superseded.", await gone.Content.ReadAsStringAsync(Ending));
        using var named = await host.Site.GetAsync($"/api/v1/models/{Id}@{Uri.EscapeDataString(own.Version)}", Ending);
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        var later = await RiskHost.Predicted(host.Site, RiskHost.Case(size: 20));
        Assert.NotEqual(Id, later.Predictions[0].GetProperty("modelId").GetString());
        await ComesOutAgain(host, view.Id, 1);
        Assert.Contains(own.Version, await host.Site.GetStringAsync($"/api/v1/cases/{view.Id}/report", Ending));
    }

    [Fact]
    public async Task Standing_ThatCannotBe_IsRefusedByItsItem()
    {
        await using var host = await RiskHost.Start();
        foreach (var (standing, named) in new (NewStanding, string)[]
        {
            (new() { Champion = "9.9.9" }, "champion"),
            (new() { Challenger = "9.9.9" }, "challenger"),
            (new() { Challenger = "no-such-model@1.0.0" }, "challenger"),
            (new() { Champion = "1.0.0", Challenger = "1.0.0" }, "challenger"),
            (new() { Retired = [new("1.0.0", "")] }, "reason"),
            (new() { Champion = "1.0.0", Retired = [new("1.0.0", "Old.")] }, "1.0.0"),
        })
        {
            using var refused = await host.Operator.PutAsJsonAsync($"/api/v1/models/{Id}/standing", standing, JsonSerializerOptions.Web, Ending);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(named, await refused.Content.ReadAsStringAsync(Ending));
        }
        using var unknown = await host.Operator.PutAsJsonAsync("/api/v1/models/none/standing", new NewStanding(), JsonSerializerOptions.Web, Ending);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var site = await host.Site.PutAsJsonAsync($"/api/v1/models/{Id}/standing", new NewStanding(), JsonSerializerOptions.Web, Ending);
        Assert.Equal(HttpStatusCode.Forbidden, site.StatusCode);
    }

    [Fact]
    public async Task Model_UnsignedTamperedOrByAForeignKey_IsRefusedNamingTheSignature()
    {
        var key = ModelSigning.NewKey();
        await using var host = await RiskHost.Start(new Dictionary<string, string?> { ["Models:TrustedKeys:0"] = Convert.ToBase64String(ModelSigning.PublicKey(key)) });
        var model = ModelLibrary.BuiltIn.Find(Id)!.Model with { Id = "lung-adenocarcinoma-copy", Automatic = false };
        var signed = ModelSigning.Sign(model, key);
        foreach (var (json, reason) in new[]
        {
            (ModelFile.Save(model), "missing"),
            (ModelFile.Save(signed with { NotFor = "Nothing." }), "changed after"),
            (RiskHost.Signed(model), "TrustedKeys"),
        })
        {
            using var refused = await host.Publish(json);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var text = await refused.Content.ReadAsStringAsync(Ending);
            Assert.Contains("/signature", text);
            Assert.Contains(reason, text);
        }
        await Published(host, ModelFile.Save(signed));
        using var builtIn = await host.Publish(ModelFile.Save(ModelSigning.Sign(ModelLibrary.BuiltIn.Find(Id)!.Model with { NotFor = "Nothing." }, key)));
        Assert.Equal(HttpStatusCode.Conflict, builtIn.StatusCode);
        Assert.NotEmpty((await RiskHost.Predicted(host.Site, RiskHost.Case())).Predictions);
    }

    private static async Task ComesOutAgain(RiskHost host, string id, int predictions)
    {
        var answers = (await host.Site.GetFromJsonAsync<IReadOnlyList<RecomputedPrediction>>($"/api/v1/cases/{id}/recomputation", JsonSerializerOptions.Web, Ending))!;
        Assert.Equal(predictions, answers.Count);
        Assert.All(answers, answer => Assert.True(answer.Equal, answer.Reason));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Other.GetAsync($"/api/v1/cases/{id}/recomputation", Ending)).StatusCode);
    }

    private static async Task Published(RiskHost host, string json)
    {
        using var published = await host.Publish(json);
        Assert.True(published.StatusCode == HttpStatusCode.Created, await published.Content.ReadAsStringAsync(Ending));
    }

    private static async Task<IReadOnlyList<ModelVersionView>> Stand(RiskHost host, NewStanding standing)
    {
        using var put = await host.Operator.PutAsJsonAsync($"/api/v1/models/{Id}/standing", standing, JsonSerializerOptions.Web, Ending);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Ending));
        return (await put.Content.ReadFromJsonAsync<PageView<ModelVersionView>>(JsonSerializerOptions.Web, Ending))!.Items;
    }

    private static double Probability(JsonElement prediction) => prediction.GetProperty("probability").GetDouble();
}
