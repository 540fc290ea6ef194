using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BoneMet.Hosting;

/// <summary>
/// Debian's RabbitMQ on loopback, with its own data folder, ports and port mapper: for <c>bonemet cluster</c> and for tests. Started again on the
/// same folder it has the same queues. Stopped by process id only.
/// </summary>
public sealed partial class LocalRabbitMq : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/rabbitmq/bin";
    private const string Complete = "Server startup complete";
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process server;
    private readonly Process mapper;

    private LocalRabbitMq(string folder, int port, Uri? management, Process server, Process mapper)
    {
        Folder = folder;
        Port = port;
        Management = management;
        this.server = server;
        this.mapper = mapper;
    }

    /// <summary>Is Debian's package <c>rabbitmq-server</c> here?</summary>
    public static bool IsInstalled => File.Exists($"{Binaries}/rabbitmq-server");

    public string Folder { get; }
    public int Port { get; }

    /// <summary>For <c>ConnectionStrings:rabbitmq</c>.</summary>
    public Uri Address => new($"amqp://guest:guest@127.0.0.1:{Port}/");

    /// <summary>The management plugin, when it was asked for.</summary>
    public Uri? Management { get; }

    /// <summary>Starts a broker whose data lie in <paramref name="folder"/>; returns when it takes connections (about five seconds).</summary>
    /// <param name="folder">Made when missing; one broker at a time.</param>
    /// <param name="port">AMQP port; a free one when 0.</param>
    /// <param name="management">With the management plugin, on a free port.</param>
    /// <param name="cancellation">Ends the waiting, and the broker with it.</param>
    /// <exception cref="InvalidOperationException">Not installed, or it did not come up; the reason is in the message.</exception>
    public static async Task<LocalRabbitMq> Start(string folder, int port = 0, bool management = false, CancellationToken cancellation = default)
    {
        if (!IsInstalled) { throw new InvalidOperationException("RabbitMQ is not installed. As root: apt-get install rabbitmq-server"); }
        folder = Path.GetFullPath(folder);
        foreach (var part in (string[])["mnesia", "log", "home"]) { Directory.CreateDirectory(Path.Combine(folder, part)); }
        await StopOrphan(folder, cancellation);
        var free = FreePorts(4);
        if (port == 0) { port = free[0]; }
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), management ? "[rabbitmq_management]." : "[].", cancellation);
        var listener = management ? $"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {free[3]}" : "";
        await File.WriteAllTextAsync(Path.Combine(folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            loopback_users.guest = true
            disk_free_limit.absolute = 100MB
            vm_memory_high_watermark.relative = 0.2
            consumer_timeout = 7200000
            {listener}

            """, cancellation);
        var environment = Environment(folder, port, distribution: free[1], mapping: free[2]);
        var output = Path.Combine(folder, "log", "stdout.log");
        var begin = LogLength(folder);
        var mapper = Launch("epmd", ["-address", "127.0.0.1", "-port", Text(free[2])], environment, folder, output);
        await File.WriteAllTextAsync(Path.Combine(folder, "epmd.pid"), Text(mapper.Id), cancellation);
        var broker = new LocalRabbitMq(folder, port, management ? new Uri($"http://127.0.0.1:{free[3]}") : null, Launch($"{Binaries}/rabbitmq-server", [], environment, folder, output), mapper);
        try
        {
            await broker.WaitUntilUp(begin, output, cancellation);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it as an operator would; everything durable is kept.</summary>
    public async Task Stop()
    {
        Signal(BrokerPid(), SigTerm);
        await End();
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task Kill()
    {
        Signal(BrokerPid(), SigKill);
        await End();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        server.Dispose();
        mapper.Dispose();
    }

    /// <summary>Ports that nobody listens on at this moment.</summary>
    public static IReadOnlyList<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) { listener.Start(); }
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        foreach (var listener in listeners) { listener.Dispose(); }
        return ports;
    }

    private async Task End()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await server.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Signal(BrokerPid(), SigKill);
            server.Kill(entireProcessTree: true);
        }
        if (!mapper.HasExited) { mapper.Kill(); }
        File.Delete(Path.Combine(Folder, "pid"));
    }

    private async Task WaitUntilUp(long begin, string output, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (!(Says(begin) && await Listens(cancellation)))
        {
            if (server.HasExited || waited.Elapsed > Patience)
            {
                var tail = File.Exists(output) ? string.Join('\n', (await File.ReadAllLinesAsync(output, cancellation)).TakeLast(12)) : "";
                throw new InvalidOperationException($"RabbitMQ {(server.HasExited ? "ended" : "did not come up")}; see {Path.Combine(Folder, "log")}.\n{tail}");
            }
            await Task.Delay(Poll, cancellation);
        }
    }

    private bool Says(long begin)
    {
        var path = LogPath(Folder);
        if (!File.Exists(path)) { return false; }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(begin, file.Length);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Contains(Complete, StringComparison.Ordinal);
    }

    private async Task<bool> Listens(CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The Erlang process itself, which the start script has as a child.</summary>
    private int? BrokerPid() => ReadPid(Path.Combine(Folder, "pid"));

    /// <summary>A broker that outlived the process which started it would hold the folder: it is stopped first.</summary>
    private static async Task StopOrphan(string folder, CancellationToken cancellation)
    {
        foreach (var name in (string[])["pid", "epmd.pid"])
        {
            var path = Path.Combine(folder, name);
            if (ReadPid(path) is { } pid && IsOurs(pid, name == "pid" ? folder : "epmd"))
            {
                Signal(pid, SigTerm);
                for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(20) && Directory.Exists($"/proc/{pid}"); waited += Poll) { await Task.Delay(Poll, cancellation); }
                Signal(Directory.Exists($"/proc/{pid}") ? pid : null, SigKill);
            }
            File.Delete(path);
        }
    }

    private static bool IsOurs(int pid, string mark)
    {
        var path = $"/proc/{pid}/cmdline";
        return File.Exists(path) && File.ReadAllText(path).Contains(mark, StringComparison.Ordinal);
    }

    private static int? ReadPid(string path) => File.Exists(path) && int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    private static void Signal(int? pid, int signal)
    {
        if (pid is { } id) { _ = SendSignal(id, signal); }
    }

    private static long LogLength(string folder) => File.Exists(LogPath(folder)) ? new FileInfo(LogPath(folder)).Length : 0;

    private static string LogPath(string folder) => Path.Combine(folder, "log", "bonemet@localhost.log");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Environment(string folder, int port, int distribution, int mapping) => new()
    {
        // Everything is given, so that /etc/rabbitmq/rabbitmq-env.conf is not consulted.
        ["HOME"] = Path.Combine(folder, "home"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_NODENAME"] = "bonemet@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = Text(port),
        ["RABBITMQ_DIST_PORT"] = Text(distribution),
        ["ERL_EPMD_PORT"] = Text(mapping),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
    };

    /// <summary>In a session of its own, so that Ctrl-C in a terminal reaches only us; we stop it in our order.</summary>
    private static Process Launch(string program, string[] arguments, Dictionary<string, string> environment, string folder, string output)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("out=$1; shift; exec setsid \"$@\" >>\"$out\" 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(output);
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        foreach (var (name, value) in environment) { start.Environment[name] = value; }
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
