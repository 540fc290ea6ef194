using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BoneMet.Contracts.Api;

namespace BoneMet.FunctionalTests.Faults;

/// <summary>
/// A site's software in the face of a platform that keeps dying: it sends each case's three strands and tries again until each was
/// acknowledged. What was acknowledged is what the platform must not lose.
/// </summary>
internal sealed class SteadySubmitter(Uri url, string key, byte[] imagesZip, byte[] slide, NewCase clinical, Func<CancellationToken, Task>? untilReady = null) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri(url, "/api/v1/"), Timeout = TimeSpan.FromSeconds(60) };

    public List<string> Acknowledged { get; } = [];

    /// <summary>Refusals that no retry cures; the test fails when there is one.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>What was answered to attempts that had to be repeated.</summary>
    public List<string> Repeated { get; } = [];

    /// <summary>Requests that the platform's death cut short.</summary>
    public int Interruptions { get; private set; }

    /// <summary>Attempts that the most unlucky request needed; each waited for <c>untilReady</c> first, when that is given.</summary>
    public int MostAttempts { get; private set; }

    public async Task Run(Func<bool> enough, CancellationToken cancellation)
    {
        while (!enough() && Refused.Count == 0) { await SubmitOne(cancellation); }
    }

    public async Task SubmitOne(CancellationToken cancellation)
    {
        var idempotency = Guid.NewGuid().ToString("n");
        var created = await Insist(() => new HttpRequestMessage(HttpMethod.Post, "cases")
        {
            Content = JsonContent.Create(clinical with { Expected = ["imaging", "pathology"] }, options: JsonSerializerOptions.Web),
            Headers = { { "Idempotency-Key", idempotency } },
        }, cancellation);
        if (created is null) { return; }

        var id = JsonDocument.Parse(created).RootElement.GetProperty("id").GetString()!;
        var images = await Insist(() => Upload($"cases/{id}/images", imagesZip, "application/zip"), cancellation);
        var pathology = await Insist(() => Upload($"cases/{id}/slides", slide, "application/octet-stream"), cancellation);
        if (images is not null && pathology is not null) { Acknowledged.Add(id); }
    }

    public async Task<CaseView> Get(string id, CancellationToken cancellation)
    {
        var text = await Insist(() => new HttpRequestMessage(HttpMethod.Get, $"cases/{id}"), cancellation) ?? throw new InvalidOperationException(string.Join("; ", Refused));
        return JsonSerializer.Deserialize<CaseView>(text, JsonSerializerOptions.Web)!;
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage Upload(string path, byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    private async Task<string?> Insist(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            MostAttempts = Math.Max(MostAttempts, attempt);
            try
            {
                using var request = make();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                using var response = await http.SendAsync(request, cancellation);
                var text = await response.Content.ReadAsStringAsync(cancellation);
                if (response.IsSuccessStatusCode) { return text; }
                if ((int)response.StatusCode is >= 400 and < 500 and not 408 and not 409 and not 429)
                {
                    Refused.Add($"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {text}");
                    return null;
                }
                Repeated.Add($"{request.Method} {request.RequestUri}, attempt {attempt}: {(int)response.StatusCode} {text}");

                // "Ask again later" is an answer, not a failure: the same attempt goes on as long as the platform says so.
                if (response.Headers.RetryAfter?.Delta is { } later && (int)response.StatusCode is 409 or 429)
                {
                    await Task.Delay(later, cancellation);
                    attempt--;
                    continue;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                Interruptions++;
                Repeated.Add($"attempt {attempt}: {fault.Message}");
            }
            await (untilReady?.Invoke(cancellation) ?? Task.Delay(50, cancellation));
        }
    }
}
