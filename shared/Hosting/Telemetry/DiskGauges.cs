using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

/// <summary>How much the disk of Data:Folder still takes, and what uploads must leave of it.</summary>
internal sealed class DiskGauges(IMeterFactory meters, IOptions<DataOptions> data, IOptions<StorageOptions> storage) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(BoneMetTelemetry.Name);
        var drive = new DriveInfo(Path.GetFullPath(data.Value.Folder));
        meter.CreateObservableGauge("bonemet.disk.free", () => drive.AvailableFreeSpace, "By", "Free space on the disk of the data folder");
        meter.CreateObservableGauge("bonemet.disk.size", () => drive.TotalSize, "By", "Size of the disk of the data folder");
        meter.CreateObservableGauge("bonemet.disk.reserve", () => (long)storage.Value.ReserveMiB << 20, "By", "Free space below which uploads are refused");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
