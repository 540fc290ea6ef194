using BoneMet.Hosting;

namespace BoneMet.Cli.Platform;

/// <summary>AllInOne as a child process on loopback, with a data folder and a first key.</summary>
internal sealed class LocalPlatform : IAsyncDisposable
{
    private readonly ServiceProcess process;

    private LocalPlatform(ServiceProcess process, Uri url, string? key)
    {
        this.process = process;
        Url = url;
        Key = key;
    }

    public Uri Url { get; }
    public string? Key { get; }
    public ServiceProcess Process => process;

    public static async Task<LocalPlatform> Start(string dataFolder, int? port, CancellationToken cancellation, IReadOnlyDictionary<string, string>? extra = null)
    {
        var folder = Directory.CreateDirectory(dataFolder).FullName;
        var free = FreePort.Find(2);
        var http = port ?? free[0];
        if (port is { } wanted && !FreePort.IsFree(wanted)) { throw new CliFailure($"Port {wanted} is in use: choose another with --port."); }

        var key = await Registry.FirstKey(folder, cancellation);
        var settings = new Dictionary<string, string>(extra ?? new Dictionary<string, string>())
        {
            ["Http:Port"] = $"{http}",
            ["Http:GrpcPort"] = $"{free[1]}",
            ["Data:Folder"] = folder,
            ["Bus:Transport"] = "InMemory",
            ["Storage:Documents"] = "Sqlite",
            ["Storage:Blobs"] = "Folder",
        };
        var process = ServiceProcess.Start("AllInOne", settings, Path.Combine(folder, "log", "all-in-one.log"));
        try
        {
            var url = new Uri($"http://127.0.0.1:{http}");
            await process.WaitUntilReady(new Uri(url, "/health/ready"), TimeSpan.FromSeconds(180), cancellation);
            return new LocalPlatform(process, url, key);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
