using BoneMet.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BoneMet.FunctionalTests.Support;

/// <summary>A process of its own making: hosting as every service has it, on free ports, with the endpoints and consumers of the test.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly TemporaryFolder? ownFolder;

    private TestService(WebApplication app, TemporaryFolder? ownFolder)
    {
        App = app;
        this.ownFolder = ownFolder;
        Http = new HttpClient { BaseAddress = app.Services.GetRequiredService<OwnAddresses>().Http };
    }

    public WebApplication App { get; }
    public IServiceProvider Services => App.Services;
    public HttpClient Http { get; }

    public static async Task<TestService> Start(
        Action<WebApplicationBuilder>? add = null, Action<IBusRegistrationConfigurator>? consumers = null, Action<WebApplication>? map = null,
        string name = "all-in-one", string? folder = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var values = new Dictionary<string, string?> { ["Http:Port"] = "0", ["Http:GrpcPort"] = "0", ["Data:Folder"] = folder ?? own!.Path, ["Storage:ReserveMiB"] = "1" };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) { values[key] = value; }
        foreach (var (key, value) in values) { builder.Configuration[key] = value; }
        builder.AddHosting(name);
        if (Environment.GetEnvironmentVariable("BONEMET_TEST_LOGS") is null) { builder.Logging.ClearProviders(); }
        add?.Invoke(builder);
        builder.AddBus(bus => consumers?.Invoke(bus));
        var app = builder.Build();
        app.MapHosting();
        map?.Invoke(app);
        await app.StartAsync();
        return new TestService(app, own);
    }

    /// <summary>A client with the key of a new site.</summary>
    public async Task<HttpClient> Client(string site, bool isOperator = false)
    {
        var made = await Services.GetRequiredService<SiteRegistry>().Add(site, isOperator) ?? throw new InvalidOperationException($"{site} exists.");
        var client = new HttpClient { BaseAddress = Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", made.Key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        ownFolder?.Dispose();
    }
}
