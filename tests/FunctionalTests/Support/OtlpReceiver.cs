using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;

namespace BoneMet.FunctionalTests.Support;

/// <summary>Receives OTLP traces over HTTP/protobuf, as a collector would.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private Task serving = Task.CompletedTask;

    public ConcurrentQueue<OtlpSpan> Spans { get; } = new();

    /// <summary>Everything that arrived, as text in which an identity would be seen.</summary>
    public ConcurrentQueue<byte[]> Raw { get; } = new();

    public Task<string> Start()
    {
        var port = Cli.Platform.FreePort.Find(1)[0];
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        serving = Serve();
        return Task.FromResult($"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task Serve()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await listener.GetContextAsync(); }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException) { return; }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Raw.Enqueue(body.ToArray());
            if (context.Request.Url!.AbsolutePath == "/v1/traces") { Read(body.ToArray()); }
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    /// <summary>ExportTraceServiceRequest: resource_spans 1 → (resource 1, scope_spans 2) → spans 2 → trace_id 1, span_id 2, parent_span_id 4, name 5.</summary>
    private void Read(byte[] request)
    {
        foreach (var resourceSpans in Fields(request, 1))
        {
            foreach (var scopeSpans in Fields(resourceSpans, 2))
            {
                foreach (var span in Fields(scopeSpans, 2))
                {
                    Spans.Enqueue(new OtlpSpan(
                        Convert.ToHexStringLower(Fields(span, 1).Single()), Convert.ToHexStringLower(Fields(span, 2).Single()),
                        Convert.ToHexStringLower(Fields(span, 4).FirstOrDefault() ?? []), System.Text.Encoding.UTF8.GetString(Fields(span, 5).Single())));
                }
            }
        }
    }

    private static List<byte[]> Fields(byte[] message, int wanted)
    {
        var input = new CodedInputStream(message);
        var found = new List<byte[]>();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == wanted && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited) { found.Add(input.ReadBytes().ToByteArray()); }
            else { input.SkipLastField(); }
        }
        return found;
    }
}
