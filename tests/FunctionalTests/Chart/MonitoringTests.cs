using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Faults;
using BoneMet.FunctionalTests.Platform;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using Xunit;
using Tool = BoneMet.FunctionalTests.Ingestion.Tool;

namespace BoneMet.FunctionalTests.Chart;

/// <summary>What operators look at: rules and queries that Prometheus takes, pages for every alert, and metrics that a running platform really has.</summary>
public sealed class MonitoringTests
{
    private static readonly string Rules = Path.Combine(TestData.Root, "deploy", "prometheus", "alerts.yaml");

    /// <summary>What one case does not bring about: encoders unloaded or replaced, a tile cache that is looked over, and drift, which needs a site's first hundred cases.</summary>
    private static readonly HashSet<string> Rare = ["bonemet_inference_unloads_total", "bonemet_inference_fallbacks_total", "bonemet_drift_stability", "bonemet_drift_embedding_shift", "bonemet_inference_tile_cache_size_bytes"];

    /// <summary>A metric that operators are told of is on a dashboard or behind an alert; the names of the table are those that are asked for.</summary>
    [Fact]
    public async Task Metrics_OfServingAndDrift_AreOnADashboard()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(TestData.Root, "docs", "operations.md"));
        var asked = PromQl.Dashboards().Select(panel => panel.Query).SelectMany(PromQl.Metrics).ToHashSet();
        foreach (var name in (string[])[.. Rare, "bonemet_inference_encoder_loaded", "bonemet_inference_encoder_memory_bytes", "bonemet_inference_tile_cache_requests_total"])
        {
            Assert.Contains(name, asked);
            Assert.Matches(Regex.Escape(name).Replace("bonemet_inference_", "(bonemet_inference_|…_)", StringComparison.Ordinal), page);
        }
    }

    [Fact]
    public async Task Alerts_CheckedAndTestedByPromtool_Pass()
    {
        var (code, output) = await Tool.Run("promtool", "check", "rules", Rules);
        Assert.True(code == 0, output);
        (code, output) = await Tool.Run("promtool", "test", "rules", Path.Combine(TestData.Root, "deploy", "prometheus", "alerts.test.yaml"));
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Alerts_Each_HasItsTestAndItsPage()
    {
        var alerts = PromQl.Alerts();
        Assert.Equal(Directory.GetFiles(Path.Combine(TestData.Root, "docs", "runbooks")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal), alerts.Select(alert => alert.Name).Order(StringComparer.Ordinal));
        var rules = await File.ReadAllTextAsync(Rules);
        var tests = await File.ReadAllTextAsync(Path.Combine(TestData.Root, "deploy", "prometheus", "alerts.test.yaml"));
        foreach (var (name, _) in alerts)
        {
            Assert.Contains($"runbook: docs/runbooks/{name}.md", rules, StringComparison.Ordinal);
            Assert.Contains($"alertname: {name}\n        exp_alerts:\n", tests, StringComparison.Ordinal);
            var page = await File.ReadAllTextAsync(Path.Combine(TestData.Root, "docs", "runbooks", $"{name}.md"));
            foreach (var heading in new[] { $"# {name}", "## What it means", "## Look", "## Do" }) { Assert.Contains(heading, page, StringComparison.Ordinal); }
        }
    }

    [Fact]
    public async Task Dashboards_EveryQuery_IsTakenByPrometheus()
    {
        using var folder = new TemporaryFolder();
        var queries = PromQl.Dashboards().ToList();
        var rules = new StringBuilder("groups:\n  - name: dashboards\n    rules:\n");
        foreach (var (index, (dashboard, _, query)) in queries.Index()) { rules.Append(CultureInfo.InvariantCulture, $"      - record: {dashboard}:query{index}\n        expr: '{query}'\n"); }
        await File.WriteAllTextAsync(folder.Of("rules.yaml"), rules.ToString());
        var (code, output) = await Tool.Run("promtool", "check", "rules", folder.Of("rules.yaml"));
        Assert.True(code == 0, output);
        Assert.Contains($"{queries.Count} rules found", output, StringComparison.Ordinal);
    }

    /// <summary>AllInOne over a broker of its own takes one whole case; then every metric that anybody looks at is there, and the cases add up.</summary>
    [Fact]
    public async Task Metrics_OfDashboardsAndAlerts_AreThereAfterACase()
    {
        RabbitMqServer.RequireInstalled();
        const string Key = "bm_operator_0123456789abcdef0123456789abcdef";
        using var folder = new TemporaryFolder();
        await using var broker = await LocalRabbitMq.Start(folder.Of("rabbitmq"));
        var ports = FreePort.Find(2);
        await using var platform = ServiceProcess.Start(
            "AllInOne",
            new Dictionary<string, string>
            {
                ["Http:Port"] = $"{ports[0]}", ["Http:GrpcPort"] = $"{ports[1]}", ["Data:Folder"] = folder.Of("data"), ["Storage:ReserveMiB"] = "1",
                ["Bus:Transport"] = "RabbitMq", ["ConnectionStrings:rabbitmq"] = broker.Address.AbsoluteUri, ["Identity:OperatorKey"] = Key, ["Cases:WatchSeconds"] = "1", ["Ingestion:QuietSeconds"] = "1",
            },
            folder.Of("log", "all-in-one.log"));
        var url = new Uri($"http://127.0.0.1:{ports[0]}");
        await platform.WaitUntilReady(new Uri(url, "/health/ready"), TimeSpan.FromSeconds(120), CancellationToken.None);

        // The key was in its settings only: an installation where nobody can type `site add` begins so.
        using var http = new HttpClient { BaseAddress = new Uri(url, "/api/v1/"), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var created = await PlatformFixture.Open(http, SmallCase.Clinical());
        using var images = await http.PostAsync($"cases/{created.Id}/images", new ByteArrayContent(SmallCase.ImagesZip()) { Headers = { { "Content-Type", "application/zip" } } });
        Assert.True(images.IsSuccessStatusCode, await images.Content.ReadAsStringAsync());
        using var slide = await http.PostAsync($"cases/{created.Id}/slides", new ByteArrayContent(SmallCase.Slide()) { Headers = { { "Content-Type", "application/octet-stream" } } });
        Assert.True(slide.IsSuccessStatusCode, await slide.Content.ReadAsStringAsync());
        await PlatformFixture.Wait(http, created.Id, view => view.Settled && view.Strands.Values.Count(strand => strand.Status == "ready") == 3);

        var wanted = PromQl.Dashboards().Select(panel => panel.Query).Concat(PromQl.Alerts().Select(alert => alert.Query)).SelectMany(PromQl.Metrics)
            .Where(name => name != "up" && !name.StartsWith("DCGM_", StringComparison.Ordinal)        // Prometheus' own, and NVIDIA's exporter
                && !Rare.Contains(name)).ToHashSet();
        Assert.True(wanted.Count > 20, string.Join(' ', wanted));
        var scrape = await Until(http, url, text => wanted.All(name => Has(text, name)) && Value(text, "bonemet_cases", "predicted") == 1);
        Assert.True(wanted.All(name => Has(scrape, name)), $"not in /metrics: {string.Join(", ", wanted.Where(name => !Has(scrape, name)))}\n{scrape}");
        Assert.Equal(1, Value(scrape, "bonemet_cases_accepted_total", "site=\"operator\""));
        Assert.Equal(1, Value(scrape, "bonemet_cases", "predicted"));
        Assert.DoesNotMatch("""bonemet_cases\{[^}]*(failed|in_flight)[^}]*\} [1-9]""", scrape);
        Assert.Equal(0, Value(scrape, "bonemet_queue_messages", "queue=\"bonemet-dead-letters\""));
        Assert.DoesNotContain(SmallCase.Clinical().Subject!, scrape, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Id, scrape, StringComparison.Ordinal);
    }

    private static async Task<string> Until(HttpClient http, Uri url, Func<string, bool> enough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var text = await http.GetStringAsync(new Uri(url, "/metrics"), CancellationToken.None);
            if (enough(text) || limit.IsCancellationRequested) { return text; }
            await Task.Delay(300, CancellationToken.None);
        }
    }

    private static bool Has(string scrape, string metric) => Regex.IsMatch(scrape, $@"^{Regex.Escape(metric)}[{{ ]", RegexOptions.Multiline);

    private static double Value(string scrape, string metric, string label)
    {
        var line = Regex.Match(scrape, $@"^{Regex.Escape(metric)}\{{[^}}]*{Regex.Escape(label)}[^}}]*\}} (?<value>\S+)", RegexOptions.Multiline);
        return line.Success ? double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture) : double.NaN;
    }
}
