using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>A hospital's endpoint for webhooks, on loopback: keeps what comes and answers as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<ReceivedWebhook> Received { get; } = new();

    /// <summary>Status of the answer to the n-th request, from 0.</summary>
    public Func<int, int> Answer { get; set; } = _ => StatusCodes.Status204NoContent;
    public Uri Url { get; private set; } = new("http://127.0.0.1/");
    public string Authority => Url.Authority;

    public static async Task<WebhookReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/hook", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            var number = receiver.Received.Count;
            receiver.Received.Enqueue(new ReceivedWebhook(http.Request.Headers["webhook-id"]!, long.Parse(http.Request.Headers["webhook-timestamp"]!), http.Request.Headers["webhook-signature"]!, body));
            http.Response.StatusCode = receiver.Answer(number);
            http.Response.Headers.Location = "/hook";
        });
        await app.StartAsync();
        receiver.Url = new Uri($"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/hook");
        return receiver;
    }

    public Dictionary<string, string?> Settings() => new()
    {
        ["Webhooks:Destinations:0"] = Authority,
        ["Webhooks:Networks:0"] = "127.0.0.0/8",
        ["Webhooks:AllowHttp"] = "true",
        ["Webhooks:RetrySeconds"] = "1",
        ["Webhooks:TimeoutSeconds"] = "5",
    };

    public Task<ReceivedWebhook[]> Until(int count) => RiskHost.Until(() => Task.FromResult<ReceivedWebhook[]?>([.. Received]), received => received.Length >= count);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
