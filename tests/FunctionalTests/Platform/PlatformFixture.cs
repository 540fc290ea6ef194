using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BoneMet.Cli.Platform;
using BoneMet.Contracts.Api;
using BoneMet.FunctionalTests.Platform;
using BoneMet.FunctionalTests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(PlatformFixture))]

namespace BoneMet.FunctionalTests.Platform;

/// <summary>One AllInOne as a process of its own, with a temporary data folder, two sites and a receiver for its traces.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    private LocalPlatform? platform;

    internal OtlpReceiver Traces { get; } = new();
    internal string Folder { get; } = Directory.CreateTempSubdirectory("bonemet-test-").FullName;
    internal Uri Url => platform!.Url;
    internal string OperatorKey => platform!.Key!;
    internal string SiteA { get; private set; } = "";
    internal string SiteB { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var extra = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = await Traces.Start(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        platform = await LocalPlatform.Start(Folder, null, TestContext.Current.CancellationToken, extra);
        SiteA = (await Registry.Open(Folder).Add("site-a"))!.Key;
        SiteB = (await Registry.Open(Folder).Add("site-b"))!.Key;
    }

    public async ValueTask DisposeAsync()
    {
        if (platform is not null) { await platform.DisposeAsync(); }
        await Traces.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    internal HttpClient Client(string? key)
    {
        // Another test of this process may record spans of all sources; its HTTP spans must not become the parents of these requests.
        var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(Url, "/api/v1/"), Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null) { http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key); }
        return http;
    }

    internal static async Task<CaseView> Open(HttpClient http, NewCase body)
    {
        using var response = await http.PostAsJsonAsync("cases", body, JsonSerializerOptions.Web);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<CaseView>(JsonSerializerOptions.Web))!;
    }

    /// <summary>Waits until the case meets <paramref name="enough"/>.</summary>
    internal static async Task<CaseView> Wait(HttpClient http, string id, Func<CaseView, bool> enough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var view = (await http.GetFromJsonAsync<CaseView>($"cases/{id}", JsonSerializerOptions.Web, limit.Token))!;
            if (enough(view)) { return view; }
            await Task.Delay(30, limit.Token);
        }
    }

    internal static Task<CaseView> Settled(HttpClient http, string id) => Wait(http, id, view => view.Settled);
}
