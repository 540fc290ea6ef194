using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BoneMet.UnitTests.Storage;

/// <summary>The few verbs of S3 that the blob store uses, in memory, on loopback. Checks every checksum it is given, as S3 does.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    /// <summary>Of the form that multipart objects have, which no client takes for an MD5.</summary>
    private const string Tag = "\"00000000000000000000000000000000-1\"";

    private readonly WebApplication app;

    private S3Server(WebApplication app) => this.app = app;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);
    public ConcurrentDictionary<string, ConcurrentDictionary<int, byte[]>> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>Number of the part that is answered with an error; 0: none.</summary>
    public int RefusePart { get; set; }
    public Uri Address => new(app.Urls.Single());

    public static async Task<S3Server> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null).UseUrls("http://127.0.0.1:0");
        var server = new S3Server(builder.Build());
        server.app.Run(server.Answer);
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var key = request.Path.Value!;
        var upload = request.Query["uploadId"].ToString();
        switch (request.Method)
        {
            case "PUT" when upload.Length > 0:
                var number = int.Parse(request.Query["partNumber"]!);
                if (number == RefusePart) { await Fault(response, 500, "InternalError"); }
                else if (await Body(context) is { } part)
                {
                    Uploads[upload][number] = part;
                    response.Headers.ETag = Tag;
                }
                break;
            case "PUT":
                if (await Body(context) is { } body)
                {
                    Objects[key] = body;
                    response.Headers.ETag = Tag;
                }
                break;
            case "POST" when request.Query.ContainsKey("uploads"):
                var id = Guid.NewGuid().ToString("N");
                Uploads[id] = new();
                await Xml(response, $"<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>{key}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
                break;
            case "POST":
                Objects[key] = [.. Uploads[upload].OrderBy(part => part.Key).SelectMany(part => part.Value)];
                Uploads.TryRemove(upload, out _);
                await Xml(response, $"<CompleteMultipartUploadResult><Key>{key}</Key><ETag>{Tag}</ETag></CompleteMultipartUploadResult>");
                break;
            case "DELETE" when upload.Length > 0:
                Uploads.TryRemove(upload, out _);
                response.StatusCode = 204;
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                response.StatusCode = 204;
                break;
            case "GET" when request.Query.ContainsKey("list-type"):
                await Xml(response, "<ListBucketResult><Name>bucket</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>");
                break;
            case "GET" or "HEAD" when Objects.TryGetValue(key, out var found):
                response.ContentLength = found.Length;
                response.Headers.ETag = Tag;
                response.Headers.LastModified = DateTimeOffset.UtcNow.ToString("R");
                if (request.Method == "GET") { await response.Body.WriteAsync(found); }
                break;
            default:
                await Fault(response, 404, "NoSuchKey");
                break;
        }
    }

    private static async Task<byte[]?> Body(HttpContext context)
    {
        using var memory = new MemoryStream();
        await context.Request.Body.CopyToAsync(memory);
        var bytes = memory.ToArray();
        var hash = SHA256.HashData(bytes);
        var checksum = context.Request.Headers["x-amz-checksum-sha256"].ToString();
        var signed = context.Request.Headers["x-amz-content-sha256"].ToString();
        if (checksum == Convert.ToBase64String(hash) && signed == Convert.ToHexStringLower(hash)) { return bytes; }
        await Fault(context.Response, 400, "BadDigest");
        return null;
    }

    private static Task Fault(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        return Xml(response, $"<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }

    private static Task Xml(HttpResponse response, string body)
    {
        response.ContentType = "application/xml";
        return response.HttpContext.Request.Method == "HEAD" ? Task.CompletedTask : response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}");
    }
}
