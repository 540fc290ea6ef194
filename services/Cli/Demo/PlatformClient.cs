using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BoneMet.Contracts.Api;

namespace BoneMet.Cli.Demo;

/// <summary>The platform's REST API as a site would use it. Every request of one client belongs to one trace.</summary>
internal sealed class PlatformClient : IDisposable
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
    private readonly HttpClient http;

    public PlatformClient(Uri url, string key)
    {
        // The trace is this client's own; a process that listens to its HTTP calls must not put a second parent beside it.
        http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(url, "/api/v1/"), Timeout = TimeSpan.FromMinutes(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        TraceId = ActivityTraceId.CreateRandom().ToHexString();
        http.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
    }

    public string TraceId { get; }

    public async Task<CaseView> CreateCase(NewCase body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "cases") { Content = JsonContent.Create(body, options: Json) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("n"));
        using var response = await Send(request, cancellation);
        return (await response.Content.ReadFromJsonAsync<CaseView>(Json, cancellation))!;
    }

    public Task<CaseView> GetCase(string id, CancellationToken cancellation) => Get<CaseView>($"cases/{id}", cancellation);

    public async Task<T> Get<T>(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await Send(request, cancellation);
        return (await response.Content.ReadFromJsonAsync<T>(Json, cancellation))!;
    }

    public async Task<TAnswer> Put<TBody, TAnswer>(string path, TBody body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, options: Json) };
        using var response = await Send(request, cancellation);
        return (await response.Content.ReadFromJsonAsync<TAnswer>(Json, cancellation))!;
    }

    /// <summary>Sends all files of a folder as one multipart/related upload, streamed from disk.</summary>
    public async Task UploadImages(string id, IReadOnlyList<string> files, string? roi, CancellationToken cancellation)
    {
        using var content = new MultipartContent("related");
        foreach (var file in files)
        {
            var part = new StreamContent(File.OpenRead(file));
            part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            content.Add(part);
        }
        var query = roi is null ? "" : $"?roi={Uri.EscapeDataString(roi)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"cases/{id}/images{query}") { Content = content };
        using var response = await Send(request, cancellation);
    }

    public async Task UploadSlide(string id, string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        using var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"cases/{id}/slides") { Content = content };
        using var response = await Send(request, cancellation);
    }

    public async Task Download(string path, string file, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await Send(request, cancellation);
        await using var target = File.Create(file);
        await response.Content.CopyToAsync(target, cancellation);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try { response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation); }
        catch (HttpRequestException fault) { throw new CliFailure($"{http.BaseAddress!.GetLeftPart(UriPartial.Authority)} does not answer: {fault.Message}"); }
        if (response.IsSuccessStatusCode) { return response; }

        var text = await response.Content.ReadAsStringAsync(cancellation);
        var status = response.StatusCode;
        response.Dispose();
        throw new CliFailure(Explain(status, request, text));
    }

    private static string Explain(HttpStatusCode status, HttpRequestMessage request, string text)
    {
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        try
        {
            using var problem = JsonDocument.Parse(text);
            var root = problem.RootElement;
            var detail = root.TryGetProperty("detail", out var d) ? d.GetString() : root.TryGetProperty("title", out var t) ? t.GetString() : null;
            var errors = root.TryGetProperty("errors", out var e) && e.ValueKind == JsonValueKind.Array
                ? string.Concat(e.EnumerateArray().Select(item => $" {(item.ValueKind == JsonValueKind.String ? item.GetString() : item.TryGetProperty("detail", out var r) ? r.GetString() : item.ToString())}"))
                : "";
            return $"{what} was refused ({(int)status}): {detail}{errors}";
        }
        catch (JsonException) { return status == HttpStatusCode.Unauthorized ? $"{what}: the key is not accepted." : $"{what} was refused ({(int)status})."; }
    }
}
