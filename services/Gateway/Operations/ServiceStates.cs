using System.Net.Http.Json;
using System.Text.Json;
using BoneMet.Gateway.Forwarding;
using BoneMet.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BoneMet.Gateway.Operations;

/// <summary>Asks this process, and every service that the gateway forwards to, whether it is ready.</summary>
internal sealed class ServiceStates(HttpClient http, HealthCheckService own, ServiceIdentity self, IConfiguration configuration)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ServiceState>> Read(CancellationToken cancellation)
    {
        var mine = await own.CheckHealthAsync(check => check.Tags.Contains("ready"), cancellation);
        var others = ForwardingRoutes.Services
            .Select(service => (Name: service, Address: configuration[$"Services:{service}:Http"]))
            .Where(service => service.Address is { Length: > 0 })
            .Select(service => Ask(service.Name, service.Address!, cancellation));
        return
        [
            new ServiceState(self.Name, Word(mine.Status.ToString()), [.. mine.Entries.Select(entry => new ServiceCheck(entry.Key, Word(entry.Value.Status.ToString()), entry.Value.Description))]),
            .. await Task.WhenAll(others),
        ];
    }

    private async Task<ServiceState> Ask(string service, string address, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(new Uri(address), "/health/ready"), cancellation);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            return new ServiceState(service, Word(answer.GetProperty("status").ToString()), [.. answer.GetProperty("checks").EnumerateObject().Select(check =>
                new ServiceCheck(check.Name, Word(check.Value.GetProperty("status").ToString()), check.Value.TryGetProperty("description", out var text) ? text.GetString() : null))]);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException || (fault is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return new ServiceState(service, "unreachable", []);
        }
    }

    private static string Word(string status) => status.ToLowerInvariant();
}
