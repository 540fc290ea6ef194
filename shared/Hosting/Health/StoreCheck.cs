using BoneMet.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BoneMet.Hosting;

/// <summary>Ready when the store answers, by a real write.</summary>
internal sealed class StoreCheck<TStore>(TStore store) : IHealthCheck
    where TStore : class
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (store is not IProbe probe) { return HealthCheckResult.Healthy("not checked"); }
        try
        {
            await probe.Probe(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DiskFullException fault)
        {
            return HealthCheckResult.Unhealthy(fault.Message);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("does not answer", fault);
        }
    }
}
