using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Unhealthy without any encoder, degraded when one failed its proof or had to fall back from the provider asked for.</summary>
internal sealed class EncoderCheck(EncoderPool pool) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var known = pool.Status();
        var data = known.ToDictionary(status => status.Card.Id, status => (object)Words(status));
        foreach (var rejected in pool.Catalogue.Rejected) { data[rejected.File] = rejected.Reason; }
        return Task.FromResult(
            known.Count == 0 ? HealthCheckResult.Unhealthy("there is no encoder", data: data)
            : known.Any(status => status.Fault is not null) || pool.Catalogue.Rejected.Count > 0 ? HealthCheckResult.Degraded("an encoder is not used", data: data)
            : known.Any(status => status.Fallback is not null) ? HealthCheckResult.Degraded("an encoder runs on the CPU although a GPU was asked for", data: data)
            : HealthCheckResult.Healthy(data: data));
    }

    private static string Words(EncoderStatus status) =>
        (status.Fault ?? status.Fallback ?? (status.Proven ? $"proven on {status.Provider}" : "not loaded yet")) + (status.Loaded ? $"; loaded, {status.Bytes / 1048576.0:0.0} MiB" : "");
}
