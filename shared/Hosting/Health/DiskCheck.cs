using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

/// <summary>Degraded below four times the reserve, unhealthy below the reserve itself.</summary>
internal sealed class DiskCheck(IOptions<DataOptions> data, IOptions<StorageOptions> storage) : IHealthCheck
{
    private const int Comfortable = 4;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var free = new DriveInfo(Path.GetFullPath(data.Value.Folder)).AvailableFreeSpace >> 20;
        var values = new Dictionary<string, object> { ["freeMiB"] = free, ["reserveMiB"] = storage.Value.ReserveMiB };
        var reserve = storage.Value.ReserveMiB;
        return Task.FromResult(
            free < reserve ? HealthCheckResult.Unhealthy($"{free} MiB free, {reserve} MiB are kept in reserve", data: values)
            : free < (long)reserve * Comfortable ? HealthCheckResult.Degraded($"only {free} MiB free", data: values)
            : HealthCheckResult.Healthy(data: values));
    }
}
