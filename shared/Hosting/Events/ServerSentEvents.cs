using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

/// <summary>
/// A stream of server-sent events as an endpoint's result. The endpoint reads <see cref="LastEventId"/> and begins after it; a comment every
/// 15 s keeps proxies patient; the stream ends when the client leaves or the process stops, and the client comes again by itself.
/// </summary>
public sealed class ServerSentEvents(Func<CancellationToken, IAsyncEnumerable<ServerSentEvent>> events) : IResult
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The id of the last event that this client has seen: header <c>Last-Event-ID</c>, or the query's <c>lastEventId</c>; null at the first visit.</summary>
    public static string? LastEventId(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var id = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : context.Request.Query["lastEventId"].ToString();
        return id is { Length: > 0 and <= 200 } ? id : null;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var services = httpContext.RequestServices;
        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var clock = services.GetRequiredService<TimeProvider>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await response.WriteAsync("retry: 2000\n\n", ending.Token);
            await response.Body.FlushAsync(ending.Token);
            await Write(response, json, clock, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client left or the process stops: that is how such a stream ends.
            return;
        }
    }

    private async Task Write(HttpResponse response, JsonSerializerOptions json, TimeProvider clock, CancellationToken cancellation)
    {
        await using var source = events(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            var next = source.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                var pause = Task.Delay(Heartbeat, clock, rest.Token);
                if (await Task.WhenAny(next, pause) == pause && !next.IsCompleted)
                {
                    if (cancellation.IsCancellationRequested)
                    {
                        // The source has the same token: it must end before it may be disposed.
                        await next;
                        return;
                    }
                    await response.WriteAsync(": still here\n\n", cancellation);
                    await response.Body.FlushAsync(cancellation);
                }
                await rest.CancelAsync();
            }
            if (!await next) { return; }
            var item = source.Current;
            await response.WriteAsync($"id: {item.Id}\nevent: {item.Event}\ndata: {JsonSerializer.Serialize(item.Data, json)}\n\n", cancellation);
            await response.Body.FlushAsync(cancellation);
        }
    }
}
