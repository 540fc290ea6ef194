using System.Text.Json;
using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using Xunit;

namespace BoneMet.FunctionalTests.Platform;

/// <summary>The same services, each its own process, over a real RabbitMQ and gRPC behind the gateway.</summary>
public sealed class ClusterTests(PlatformFixture allInOne)
{
    [Fact]
    public async Task Cluster_SameDemo_GivesTheSamePredictionToTheLastBit()
    {
        Assert.SkipUnless(LocalRabbitMq.IsInstalled, "needs Debian's rabbitmq-server");
        using var data = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        await using var cluster = await LocalCluster.Start(data.Path, null, TestContext.Current.CancellationToken);
        var many = await Demo(cluster.Url, cluster.Key!, folder.Of("cluster"));
        var one = await Demo(allInOne.Url, allInOne.SiteA, folder.Of("one"));
        Assert.Equal(DemoTests.Comparable(one), DemoTests.Comparable(many));
        Assert.All(many.GetProperty("strands").EnumerateObject(), strand => Assert.Equal("ready", strand.Value.GetProperty("status").GetString()));

        // One trace across HTTP, gRPC and RabbitMQ: what the last service did belongs to the trace that the first request began.
        using var view = JsonDocument.Parse(await File.ReadAllTextAsync(folder.Of("cluster", "case.json")));
        var added = view.RootElement.GetProperty("timeline").EnumerateArray().Where(entry => entry.GetProperty("kind").GetString() == "prediction-added").ToList();
        Assert.NotEmpty(added);
        Assert.All(added, entry => Assert.Equal(many.GetProperty("traceId").GetString(), entry.GetProperty("traceId").GetString()));

        // The edge asks for a key; a forged caller does not get past it, nor straight into a service.
        using var http = new HttpClient();
        foreach (var service in new[] { cluster.Url, cluster.Address("nomogram-aggregation") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service, "/api/v1/cases")) { Headers = { { "X-BoneMet-Caller", "1.site-a.operator.9999999999.00" } } };
            using var response = await http.SendAsync(request);
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    private static async Task<JsonElement> Demo(Uri url, string key, string folder)
    {
        var run = await DemoTests.Run("demo", "--json", "--out", folder, "--url", url.AbsoluteUri, "--key", key);
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
