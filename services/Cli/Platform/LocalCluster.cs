using System.Security.Cryptography;
using BoneMet.Hosting;

namespace BoneMet.Cli.Platform;

/// <summary>All services as processes on loopback; one that dies is started again, as Kubernetes would.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly Dictionary<string, ServiceProcess> services = [];
    private readonly Dictionary<string, (string Project, Dictionary<string, string> Settings)> plan = [];
    private readonly string folder;
    private readonly Func<string, string?> crashAt;
    private LocalRabbitMq? rabbit;

    private LocalCluster(string folder, Func<string, string?> crashAt)
    {
        this.folder = folder;
        this.crashAt = crashAt;
    }

    public Uri Url { get; private set; } = new("http://127.0.0.1");
    public string? Key { get; private set; }
    public IReadOnlyDictionary<string, int> Processes => services.ToDictionary(pair => pair.Key, pair => pair.Value.Id);

    /// <summary>Base address of a service's REST port.</summary>
    public Uri Address(string service) => new($"http://127.0.0.1:{plan[service].Settings["Http:Port"]}");

    /// <param name="crashAt">Fault tests: the crash point (BONEMET_CRASH_AT) of a service's next process; null for none.</param>
    public static async Task<LocalCluster> Start(string data, int? port, CancellationToken cancellation, Func<string, string?>? crashAt = null)
    {
        var cluster = new LocalCluster(Directory.CreateDirectory(data).FullName, crashAt ?? (_ => null));
        try
        {
            await cluster.StartAll(port, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a service again whenever its process has ended, until cancelled.</summary>
    public async Task Supervise(Action<string> tell, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (service, process) in services.ToList())
            {
                if (!process.HasExited) { continue; }
                tell($"{service} ended with exit code {process.ExitCode}: starting it again");
                await process.DisposeAsync();
                services[service] = Launch(service);
            }
            await Task.Delay(200, cancellation);
        }
    }

    /// <summary>Ends a service as Kubernetes does, with SIGTERM, and starts it again; returns how it ended.</summary>
    public async Task<int> Restart(string service, CancellationToken cancellation)
    {
        var process = services[service];
        await process.Stop();
        var code = process.ExitCode;
        await process.DisposeAsync();
        services[service] = Launch(service);
        await services[service].WaitUntilReady(new Uri(Address(service), "/health/ready"), TimeSpan.FromSeconds(180), cancellation);
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(services.Values.Select(process => process.DisposeAsync().AsTask()));
        if (rabbit is not null) { await rabbit.DisposeAsync(); }
    }

    private async Task StartAll(int? port, CancellationToken cancellation)
    {
        Key = await Registry.FirstKey(folder, cancellation);
        var connection = Environment.GetEnvironmentVariable("ConnectionStrings__rabbitmq");
        if (string.IsNullOrEmpty(connection))
        {
            rabbit = await LocalRabbitMq.Start(Path.Combine(folder, "rabbitmq"), cancellation: cancellation);
            connection = rabbit.Address.AbsoluteUri;
        }

        var ports = FreePort.Find(ClusterLayout.Services.Count * 2);
        var common = new Dictionary<string, string>
        {
            ["Bus:Transport"] = "RabbitMq",
            ["ConnectionStrings:rabbitmq"] = connection,
            ["Storage:Documents"] = "Sqlite",
            ["Storage:Blobs"] = "Folder",
            ["Data:Folder"] = folder,
            ["Identity:InternalKey"] = InternalKey(),
        };
        foreach (var (index, (_, service)) in ClusterLayout.Services.Index())
        {
            common[$"Services:{service}:Http"] = $"http://127.0.0.1:{(service == "gateway" && port is { } wanted ? wanted : ports[index * 2])}";
            common[$"Services:{service}:Grpc"] = $"http://127.0.0.1:{ports[(index * 2) + 1]}";
        }
        foreach (var (project, service) in ClusterLayout.Services)
        {
            plan[service] = (project, new Dictionary<string, string>(common)
            {
                ["Http:Port"] = $"{new Uri(common[$"Services:{service}:Http"]).Port}",
                ["Http:GrpcPort"] = $"{new Uri(common[$"Services:{service}:Grpc"]).Port}",
            });
            services[service] = Launch(service);
        }
        Url = new Uri(common["Services:gateway:Http"]);
        foreach (var (service, process) in services)
        {
            await process.WaitUntilReady(new Uri($"{common[$"Services:{service}:Http"]}/health/ready"), TimeSpan.FromSeconds(180), cancellation);
        }
    }

    private ServiceProcess Launch(string service)
    {
        var settings = new Dictionary<string, string>(plan[service].Settings);
        if (crashAt(service) is { } point) { settings["BONEMET_CRASH_AT"] = point; }
        return ServiceProcess.Start(plan[service].Project, settings, Path.Combine(folder, "log", $"{service}.log"));
    }

    /// <summary>The secret by which the services know each other, kept in the data folder for this user alone.</summary>
    private string InternalKey()
    {
        var file = Path.Combine(folder, "internal-key");
        if (!File.Exists(file))
        {
            using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))));
        }
        return File.ReadAllText(file);
    }
}
