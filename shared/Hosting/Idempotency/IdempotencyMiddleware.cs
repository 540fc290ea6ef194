using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using BoneMet.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BoneMet.Hosting;

/// <summary>
/// A request with an Idempotency-Key has its effect once. Its answer is stored before it is sent, and sent again to every repetition; the
/// same key with another request is 422. An attempt that died without an answer may be repeated, and gets the same resource id.
/// </summary>
internal sealed partial class IdempotencyMiddleware(RequestDelegate next, IDocumentCollection<IdempotencyRecord> records, TimeProvider clock, ILogger<IdempotencyMiddleware> logger)
{
    public const string Header = "Idempotency-Key";
    public const string Replayed = "Idempotency-Replayed";

    private const int LongestKey = 255;
    private const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly string self = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, bool> active = new(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context) =>
        context.Request.Headers.TryGetValue(Header, out var key) && context.GetEndpoint()?.Metadata.GetMetadata<IdempotentEndpoint>() is not null
            ? Once(context, key.ToString())
            : next(context);

    private async Task Once(HttpContext context, string key)
    {
        if (key.Length is 0 or > LongestKey || key.Any(c => c is < '!' or > '~')) { throw Problems.BadRequest("invalid-idempotency-key", $"Idempotency-Key is 1 to {LongestKey} visible ASCII characters."); }
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Caller().Site}\n{key}")));
        if (!active.TryAdd(id, true)) { throw InUse(context); }
        try
        {
            await using var body = new HashingStream(context.Request.Body, $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n");
            context.Request.Body = body;
            var record = await records.Find(id, context.RequestAborted);
            if (record?.Status is not null) { await Replay(context, record, body); }
            else { await Act(context, await Claim(context, id, record), body); }
        }
        finally
        {
            active.TryRemove(id, out _);
        }
    }

    private async Task<IdempotencyRecord> Claim(HttpContext context, string id, IdempotencyRecord? record)
    {
        var now = clock.GetUtcNow();
        if (record?.Owner is not null && record.Owner != self && now - record.ClaimedAt < Lease) { throw InUse(context); }
        record ??= new IdempotencyRecord { Id = id, ResourceId = Guid.CreateVersion7(now).ToString("N"), ClaimedAt = now };
        return await records.TrySave(record with { Owner = self, ClaimedAt = now }, context.RequestAborted) ?? throw InUse(context);
    }

    private async Task Act(HttpContext context, IdempotencyRecord record, HashingStream body)
    {
        context.Features.Set(new ReservedId(record.ResourceId));
        var response = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
            if (context.Response.StatusCode < StatusCodes.Status400BadRequest) { record = await Remember(context, record, body, answer); }
            else { await Release(record, harmless: context.Response.StatusCode < StatusCodes.Status500InternalServerError); }
        }
        catch (Exception fault)
        {
            await Release(record, harmless: ProblemHandler.Translate(fault).StatusCode < StatusCodes.Status500InternalServerError);
            throw;
        }
        finally
        {
            context.Response.Body = response;
        }
        answer.Position = 0;
        await answer.CopyToAsync(response, context.RequestAborted);
    }

    private async Task<IdempotencyRecord> Remember(HttpContext context, IdempotencyRecord record, HashingStream body, MemoryStream answer)
    {
        if (answer.Length > LargestAnswer)
        {
            LogTooLarge(context.GetEndpoint()?.DisplayName, answer.Length);
            return record;
        }
        var headers = context.Response.Headers;
        var done = record with
        {
            Fingerprint = await body.Finish(context.RequestAborted),
            Owner = null,
            Status = context.Response.StatusCode,
            ContentType = context.Response.ContentType,
            Location = headers.Location,
            ETag = headers.ETag,
            Body = answer.ToArray(),
        };
        return await records.TrySave(done, CancellationToken.None) ?? record;
    }

    /// <summary>A refusal had no effect: the key is free again. After a failure it is unknown: the resource id stays reserved.</summary>
    private async Task Release(IdempotencyRecord record, bool harmless)
    {
        if (harmless) { await records.Delete(record.Id, record.Version); }
        else { await records.TrySave(record with { Owner = null }); }
    }

    private static async Task Replay(HttpContext context, IdempotencyRecord record, HashingStream body)
    {
        if (await body.Finish(context.RequestAborted) != record.Fingerprint)
        {
            throw Problems.Unprocessable("idempotency-key-reused", "This Idempotency-Key was used for another request; take a new key for this one.");
        }
        var response = context.Response;
        response.StatusCode = record.Status!.Value;
        response.ContentType = record.ContentType;
        if (record.Location is not null) { response.Headers.Location = record.Location; }
        if (record.ETag is not null) { response.Headers.ETag = record.ETag; }
        response.Headers[Replayed] = "true";
        if (record.Body is { Length: > 0 } bytes) { await response.Body.WriteAsync(bytes, context.RequestAborted); }
    }

    private static ProblemException InUse(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.RetryAfter = "2";
            return Task.CompletedTask;
        });
        return Problems.Conflict("idempotency-key-in-use", "A request with this Idempotency-Key is being worked on; ask again shortly.");
    }

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "The answer of {Endpoint} has {Bytes} bytes and is not kept for its Idempotency-Key")]
    private partial void LogTooLarge(string? endpoint, long bytes);
}
