using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BoneMet.Cli.Platform;
using BoneMet.Contracts.Api;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Screening;
using Microsoft.Extensions.Options;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>A watched threshold, told to a listener on loopback.</summary>
public sealed class WebhookTests
{
    private const int SigKilled = 137;
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>The example of the Standard Webhooks libraries.</summary>
    [Fact]
    public void Signature_OfThePublishedExample_IsThePublishedOne() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""));

    [Theory]
    [InlineData("https://ehr.example/hook", null)]
    [InlineData("https://ehr.example:8443/hook", "not among")]
    [InlineData("https://other.example:9443/x?token=1", null)]
    [InlineData("https://evil.example/hook", "not among")]
    [InlineData("https://ehr.example.evil.example/hook", "not among")]
    [InlineData("http://ehr.example/hook", "https")]
    [InlineData("https://user:secret@ehr.example/hook", "user name")]
    [InlineData("file:///etc/passwd", "https")]
    [InlineData("/hook", "https")]
    [InlineData("ehr.example", "absolute")]
    public void Destination_OnlyWhatTheOperatorListed_IsTaken(string url, string? refusal)
    {
        var destinations = new Destinations(Options.Create(new WebhookOptions { Destinations = ["ehr.example", "other.example:9443"] }));
        if (refusal is null) { Assert.Null(destinations.Refusal(url)); }
        else { Assert.Contains(refusal, destinations.Refusal(url)); }
        Assert.Contains("off", new Destinations(Options.Create(new WebhookOptions())).Refusal(url));
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("10.20.3.4", true)]
    [InlineData("10.21.3.4", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.20.3.4", true)]
    [InlineData("169.254.169.254", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    public void Address_PrivateOrReserved_IsNotConnectedToUnlessItsNetworkIsListed(string address, bool may) =>
        Assert.Equal(may, new Destinations(Options.Create(new WebhookOptions { Networks = ["10.20.0.0/16"] })).MayConnect(IPAddress.Parse(address)));

    [Fact]
    public void Secret_Sealed_OpensOnlyForItsWatchWithItsKey()
    {
        using var folder = new TemporaryFolder();
        WebhookSecrets With(string? key) => new(Options.Create(new IdentityOptions { InternalKey = key }), Options.Create(new DataOptions { Folder = folder.Path }));
        var secret = WebhookSignature.NewSecret();
        var kept = With("one installation's internal key, long").Seal("w1", secret);
        Assert.DoesNotContain(secret["whsec_".Length..], kept, StringComparison.Ordinal);
        Assert.Equal(secret, With("one installation's internal key, long").Open("w1", kept));
        Assert.Null(With("one installation's internal key, long").Open("w2", kept));
        Assert.Null(With("another installation's internal key!").Open("w1", kept));
        Assert.Equal(secret, With(null).Open("w1", secret));
        Assert.Equal(secret, With(null).Open("w1", With(null).Seal("w1", secret)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "webhooks.key")));
    }

    [Fact]
    public async Task Threshold_RisenToAndFallenBelow_IsToldSignedUntilTaken()
    {
        await using var receiver = await WebhookReceiver.Start();
        receiver.Answer = number => number switch { 0 => 503, 1 => 302, _ => 204 };
        await using var host = await RiskHost.Start(receiver.Settings());
        var watch = await Watch(host.Site, receiver.Url, 0.3);
        Assert.StartsWith("whsec_", watch.Secret);

        var view = await RiskHost.Predicted(host.Site, RiskHost.Case());
        var received = await receiver.Until(3);
        Assert.Single(received.Take(3).Select(message => (message.Id, message.Body)).Distinct());
        foreach (var message in received) { Assert.Equal(WebhookSignature.Of(watch.Secret!, message.Id, message.Timestamp, message.Body), message.Signature); }
        Assert.DoesNotContain("P-17", received[0].Body);
        var data = JsonDocument.Parse(received[0].Body).RootElement.GetProperty("data");
        Assert.Equal((view.Id, "rose-to"), (data.GetProperty("caseId").GetString(), data.GetProperty("direction").GetString()));
        Assert.Equal(view.Predictions[0].GetProperty("probability").GetDouble(), data.GetProperty("probability").GetDouble());
        foreach (var carried in new[] { "modelVersion", "interval", "inputsUsed", "missing", "outOfRange", "intendedUse", "synthetic" }) { Assert.True(data.TryGetProperty(carried, out _), carried); }

        using var changed = await host.Site.PutAsJsonAsync($"/api/v1/cases/{view.Id}/factors", new NewFactors { Factors = RiskHost.Factors(15, "0") }, JsonSerializerOptions.Web, Ending);
        Assert.True(changed.IsSuccessStatusCode);
        var fallen = (await receiver.Until(4))[3];
        Assert.Contains("fell-below", fallen.Body);
        Assert.NotEqual(received[0].Id, fallen.Id);

        var deliveries = await RiskHost.Until(() => Deliveries(host.Site, watch.Id), page => page.Items.Count == 2 && page.Items.All(one => one.State == "delivered"));
        Assert.Equal(3, deliveries.Items.Single(one => one.Id == received[0].Id).Attempts);
        var story = (await host.Site.GetFromJsonAsync<CaseView>($"/api/v1/cases/{view.Id}", JsonSerializerOptions.Web, Ending))!.Timeline;
        Assert.Equal(2, story.Count(entry => entry.Kind == "threshold-crossed"));

        using var again = await host.Site.PostAsync($"/api/v1/watches/{watch.Id}/deliveries/{fallen.Id}/redelivery", null, Ending);
        Assert.True(again.IsSuccessStatusCode);
        Assert.Equal((fallen.Id, fallen.Body), ((await receiver.Until(5))[4].Id, (await receiver.Until(5))[4].Body));
    }

    [Fact]
    public async Task Watch_OfAnotherSiteOrForAForbiddenPlace_IsRefused()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var host = await RiskHost.Start(receiver.Settings());
        var watch = await Watch(host.Site, receiver.Url, 0.3);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Other.GetAsync($"/api/v1/watches/{watch.Id}/deliveries", Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Other.DeleteAsync($"/api/v1/watches/{watch.Id}", Ending)).StatusCode);
        Assert.Empty((await host.Other.GetFromJsonAsync<PageView<WatchView>>("/api/v1/watches", JsonSerializerOptions.Web, Ending))!.Items);
        foreach (var body in new[] { """{"threshold":0.3,"url":"http://127.0.0.1:1/hook"}""", """{"threshold":1.5}""", """{"threshold":0.3,"cancerType":"spleen-of-unicorn"}""", """{}""" })
        {
            using var refused = await host.Site.PostAsync("/api/v1/watches", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Ending);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        using var foreign = await host.Site.PostAsJsonAsync("/api/v1/watches", new NewWatch { Site = "site-b", Threshold = 0.2 }, JsonSerializerOptions.Web, Ending);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var removed = await host.Site.DeleteAsync($"/api/v1/watches/{watch.Id}", Ending);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    /// <summary>Killed between the listener's answer and its own note of it, the platform tells again, under the same id, and then no more.</summary>
    [Fact]
    public async Task Platform_KilledAfterTheMessageWasTaken_TellsAgainUnderTheSameId()
    {
        await using var receiver = await WebhookReceiver.Start();
        using var folder = new TemporaryFolder();
        var settings = receiver.Settings().ToDictionary(one => one.Key, one => one.Value!);
        var crash = new Dictionary<string, string>(settings) { ["BONEMET_CRASH_AT"] = "after-webhook:1" };
        string key, watch;
        await using (var doomed = await LocalPlatform.Start(folder.Path, null, Ending, crash))
        {
            key = doomed.Key!;
            using var http = Client(doomed);
            watch = (await Watch(http, receiver.Url, 0.3)).Id;
            using var opened = await http.PostAsJsonAsync("/api/v1/cases", RiskHost.Case(), JsonSerializerOptions.Web, Ending);
            Assert.True(opened.IsSuccessStatusCode);
            await receiver.Until(1);
            await doomed.Process.WaitForExit(Ending);
            Assert.Equal(SigKilled, doomed.Process.ExitCode);
        }

        await using var next = await LocalPlatform.Start(folder.Path, null, Ending, settings);
        var received = await receiver.Until(2);
        Assert.Single(received.Select(message => (message.Id, message.Body)).Distinct());
        using var after = Client(next);
        var delivery = Assert.Single((await RiskHost.Until(() => Deliveries(after, watch), page => page.Items.Count > 0 && page.Items.All(one => one.State == "delivered"))).Items);
        Assert.Equal(received[0].Id, delivery.Id);
        Assert.Equal(2, receiver.Received.Count);

        HttpClient Client(LocalPlatform platform) => new() { BaseAddress = platform.Url, DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
    }

    private static async Task<WatchView> Watch(HttpClient http, Uri url, double threshold)
    {
        using var made = await http.PostAsJsonAsync("/api/v1/watches", new NewWatch { Threshold = threshold, CancerType = "lung", Url = url.AbsoluteUri }, JsonSerializerOptions.Web, Ending);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Ending));
        return (await made.Content.ReadFromJsonAsync<WatchView>(JsonSerializerOptions.Web, Ending))!;
    }

    private static Task<PageView<DeliveryView>?> Deliveries(HttpClient http, string watch) =>
        http.GetFromJsonAsync<PageView<DeliveryView>>($"/api/v1/watches/{watch}/deliveries", JsonSerializerOptions.Web, Ending);
}
