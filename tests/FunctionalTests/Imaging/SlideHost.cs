using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using BoneMet.Contracts.Events;
using BoneMet.Contracts.V1;
using BoneMet.Hosting;
using BoneMet.PathologyTiling;
using Grpc.Core;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Imaging;

/// <summary>PathologyTiling alone on the in-memory bus, beside a stand-in for the owner of cases (it knows case-… of site-a), and a listener for what it says.</summary>
public sealed class SlideHost : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("slides-").FullName;
    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(2) };
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    public string Data => _data;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(["--Http:Port=0", "--Http:GrpcPort=0", $"--Data:Folder={_data}"]);
        builder.AddHosting("all-in-one");
        builder.AddPathologyTiling();
        builder.AddGrpcPeer<Slides.SlidesClient>("pathology-tiling");
        builder.Services.AddSingleton(_heard);
        builder.AddBus(bus => bus.AddPathologyTilingConsumers(), bus => bus.AddConsumer<Listener>());
        _app = builder.Build();
        _app.MapHosting();
        _app.MapPathologyTiling();
        _app.MapGrpcService<FakeCases>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _client.BaseAddress = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Key("site-a"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        Directory.Delete(_data, true);
        GC.SuppressFinalize(this);
    }

    public HttpClient Client => _client;

    internal Slides.SlidesClient Grpc => Services.GetRequiredService<Slides.SlidesClient>();

    public async Task<string> Key(string site)
    {
        var sites = Services.GetRequiredService<SiteRegistry>();
        return (await sites.Add(site, false, TestContext.Current.CancellationToken) ?? await sites.AddKey(site, TestContext.Current.CancellationToken))!.Key;
    }

    public Task Say<T>(T message)
        where T : class => Services.GetRequiredService<IBus>().Publish(message, TestContext.Current.CancellationToken);

    public async Task<HttpResponseMessage> Post(string caseId, byte[] slide, string query = "") =>
        await _client.PostAsync(new Uri($"/api/v1/cases/{caseId}/slides{query}", UriKind.Relative), new ByteArrayContent(slide), TestContext.Current.CancellationToken);

    public static async Task<JsonElement> Json(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    /// <summary>The next message about a case; those of other tests are passed over.</summary>
    internal async Task<T> Next<T>(string caseId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var message = await _heard.Reader.ReadAsync(patience.Token);
            if (message is T wanted && (message is SlideTiled tiled ? tiled.CaseId : ((StrandFailed)message).CaseId) == caseId) { return wanted; }
        }
    }

    private sealed class Listener(Channel<object> heard) : IConsumer<SlideTiled>, IConsumer<StrandFailed>
    {
        public Task Consume(ConsumeContext<SlideTiled> context) => heard.Writer.WriteAsync(context.Message).AsTask();

        public Task Consume(ConsumeContext<StrandFailed> context) => heard.Writer.WriteAsync(context.Message).AsTask();
    }

    private sealed class FakeCases : Cases.CasesBase
    {
        public override Task<AuthorizeReply> Authorize(AuthorizeRequest request, ServerCallContext context) =>
            Task.FromResult(new AuthorizeReply { Found = request.CaseId.StartsWith("case-", StringComparison.Ordinal) && (request.Operator || request.Site == "site-a"), CancerType = "prostate", Site = "site-a" });
    }
}
