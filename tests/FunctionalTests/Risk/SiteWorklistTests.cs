using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BoneMet.Contracts.Api;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

public sealed class SiteWorklistTests
{
    [Fact]
    public async Task Worklist_OfASite_CutsByThresholdScansPerFoundOrScansPerWeek()
    {
        await using var host = await RiskHost.Start();
        var low = await RiskHost.Predicted(host.Site, RiskHost.Case(15, "0"));
        var middle = await RiskHost.Predicted(host.Site, RiskHost.Case(30, "1"));
        var high = await RiskHost.Predicted(host.Site, RiskHost.Case(60, "3"));
        await RiskHost.Predicted(host.Site, new NewCase { Subject = "P-18", CancerType = "gastric", Factors = [new() { Name = "age", Value = JsonSerializer.SerializeToElement(60), Unit = "a" }] });
        await RiskHost.Predicted(host.Other, RiskHost.Case(60, "3"));
        double Risk(CaseView view) => view.Predictions[0].GetProperty("probability").GetDouble();

        var all = await Get(host.Site, "threshold=0");
        Assert.Equal([high.Id, middle.Id, low.Id], all.Items.Select(item => item.CaseId));
        Assert.Equal((3, 1), (all.Cases, all.WithoutRisk));
        Assert.Equal(Risk(low) + Risk(middle) + Risk(high), all.ExpectedFound, 1e-12);
        Assert.All(all.Curve, point => Assert.True(point.ByRisk >= point.Everybody - 1e-12 && point.ByRisk >= -1e-12));
        var cut = await Get(host.Site, FormattableString.Invariant($"scansPerFound={1 / ((Risk(low) + Risk(middle)) / 2)}"));
        Assert.Equal([high.Id, middle.Id], cut.Items.Select(item => item.CaseId));
        Assert.Equal(Risk(low), cut.ExpectedMissed, 1e-12);
        var scans = await Get(host.Site, "scansPerWeek=1&days=7");
        Assert.Equal(high.Id, Assert.Single(scans.Items).CaseId);
        Assert.Equal(1 / Risk(high), scans.ScansPerFound!.Value, 1e-12);
        Assert.Single((await Get(host.Other, "threshold=0.01&cancerType=lung")).Items);
        Assert.Equal(4, (await Get(host.Operator, "threshold=0")).Cases);

        foreach (var bad in new[] { "", "threshold=0.1&scansPerWeek=3", "threshold=1", "scansPerFound=1", "scansPerWeek=-1", "threshold=0.1&days=0", "threshold=0.1&cancerType=x" })
        {
            using var refused = await host.Site.GetAsync($"/api/v1/worklist?{bad}");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        using var foreign = await host.Site.GetAsync("/api/v1/worklist?threshold=0.1&site=site-b");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    private static async Task<WorklistView> Get(HttpClient http, string query) => (await http.GetFromJsonAsync<WorklistView>($"/api/v1/worklist?{query}", JsonSerializerOptions.Web))!;
}
