using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>
/// Sends what waits, each message until its destination has taken it or the time is over. Several processes may run it: an attempt is saved
/// before it is made, and who saves it makes it. Killed between the answer and the save, the message is sent again under the same id.
/// </summary>
internal sealed partial class WebhookSender(
    IDocumentCollection<WebhookDelivery> deliveries, IDocumentCollection<RiskWatch> watches, Destinations destinations, WebhookSecrets secrets, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<WebhookSender> logger)
    : BackgroundService
{
    private const int SideBySide = 8;
    private const string Gone = "410";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private static readonly Dictionary<string, string> Waiting = new() { ["state"] = WebhookDelivery.Pending };

    private readonly SemaphoreSlim signal = new(0, 1);
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = destinations.Connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
        DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("BoneMetPlatform", "1") } },
    };

    public void Wake()
    {
        if (signal.CurrentCount > 0) { return; }
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another message woke it at the same moment; one waking is enough for both.
            return;
        }
    }

    public override void Dispose()
    {
        http.Dispose();
        signal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(Patience, stoppingToken);
            try
            {
                // Side by side, so that one destination that does not answer holds up no other.
                var due = deliveries.All(Waiting, cancellation: stoppingToken).Where(delivery => delivery.NextAt <= clock.GetUtcNow());
                await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = stoppingToken }, async (delivery, token) => await Attempt(delivery, token));
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
        }
    }

    private async Task Attempt(WebhookDelivery waiting, CancellationToken cancellation)
    {
        var begun = clock.GetUtcNow();
        var taken = await deliveries.TrySave(waiting with { Attempts = waiting.Attempts + 1, NextAt = begun + http.Timeout + Margin }, cancellation);
        if (taken is null) { return; }

        var watch = await watches.Find(taken.WatchId, cancellation);
        var (delivered, result) = watch is not { Url: { } url, Secret: { } kept } ? (false, "its watch was removed")
            : secrets.Open(watch.Id, kept) is { } secret ? await Send(taken, url, secret, begun, cancellation)
            : (false, "its secret was sealed with another key: make the watch anew");
        var now = clock.GetUtcNow();
        var ended = delivered || watch is null || result == Gone || now - taken.CreatedAt > options.Value.GiveUp;
        await deliveries.TrySave(
            taken with
            {
                State = delivered ? WebhookDelivery.Delivered : ended ? WebhookDelivery.GivenUp : WebhookDelivery.Pending,
                NextAt = now + Wait(taken.Attempts),
                LastResult = result,
                EndedAt = ended ? now : null,
            },
            cancellation);
        if (!delivered) { LogNotTaken(taken.Id, taken.Attempts, result); }
    }

    private async Task<(bool Delivered, string Result)> Send(WebhookDelivery delivery, string url, string secret, DateTimeOffset now, CancellationToken cancellation)
    {
        if (destinations.Refusal(url) is { } refusal) { return (false, refusal); }
        var timestamp = now.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(delivery.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(secret, delivery.Id, timestamp, delivery.Body));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            CrashPoint.Hit(CrashPoint.AfterWebhook);
            return (response.IsSuccessStatusCode, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException fault) { return (false, $"not reached: {fault.HttpRequestError}"); }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested) { return (false, "no answer in time"); }
    }

    /// <summary>5 s, 20 s, 80 s … six hours, each a little earlier or later, so that many messages do not come back at once.</summary>
    private TimeSpan Wait(int attempts)
    {
        var seconds = Math.Min(options.Value.RetrySeconds * Math.Pow(4, attempts - 1), LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * Random.Shared.NextDouble())));
    }

    [LoggerMessage(EventId = 6301, Level = LogLevel.Warning, Message = "Webhook message {Id} was not taken at attempt {Attempt}: {Result}")]
    private partial void LogNotTaken(string id, int attempt, string result);

    [LoggerMessage(EventId = 6302, Level = LogLevel.Error, Message = "Webhook messages wait: the store does not answer")]
    private partial void LogFault(Exception fault);
}
