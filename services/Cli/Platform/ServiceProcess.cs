using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BoneMet.Cli.Platform;

/// <summary>One service of the platform as a child process: started with settings, watched, stopped with SIGTERM.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task output;
    private int disposed;

    private ServiceProcess(string name, Process process, string logFile, Task output)
    {
        Name = name;
        this.process = process;
        LogFile = logFile;
        this.output = output;
    }

    public string Name { get; }
    public string LogFile { get; }
    public int Id => process.Id;
    public bool HasExited => process.HasExited;
    public int ExitCode => process.ExitCode;

    /// <summary>Starts <c>BoneMet.{project}.dll</c>; what it writes goes to <paramref name="logFile"/>.</summary>
    public static ServiceProcess Start(string project, IReadOnlyDictionary<string, string> settings, string logFile)
    {
        var assembly = Binaries.Find(project);
        var info = new ProcessStartInfo(Binaries.Dotnet)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        info.ArgumentList.Add(assembly);
        foreach (var (key, value) in settings) { info.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value; }

        // A platform started by this tool ends with it: the child stops when its standard input closes.
        info.Environment["Host__StopWithParent"] = "true";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(logFile))!);
        var process = Process.Start(info) ?? throw new CliFailure($"Could not start {project}.");
        var log = TextWriter.Synchronized(new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
        var output = Task.WhenAll(Copy(process.StandardOutput, log), Copy(process.StandardError, log)).ContinueWith(_ => log.Dispose(), TaskScheduler.Default);
        return new ServiceProcess(project, process, logFile, output);
    }

    /// <summary>Waits until <c>/health/ready</c> answers 200; a service that ended says why from its log.</summary>
    public async Task WaitUntilReady(Uri health, TimeSpan limit, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < limit)
        {
            if (process.HasExited) { throw new CliFailure($"{Name} ended with exit code {process.ExitCode} while starting: {LastLogLine()} (all of it in {LogFile})"); }
            if (await Answers(http, health, cancellation)) { return; }
            await Task.Delay(25, cancellation);
        }
        throw new CliFailure($"{Name} was not ready within {limit.TotalSeconds:0} s: see {LogFile}");
    }

    public Task WaitForExit(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    public async Task Stop()
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, SigTerm);
            // Longer than the host itself waits for requests and messages in hand (HostingModule).
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            try { await process.WaitForExitAsync(limit.Token); }
            catch (OperationCanceledException) { process.Kill(entireProcessTree: true); }
        }
        await output;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) { return; }
        await Stop();
        process.Dispose();
    }

    private static async Task<bool> Answers(HttpClient http, Uri health, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(health, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException) { return false; }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested) { return false; }
    }

    private static async Task Copy(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line) { await to.WriteLineAsync(line); }
    }

    private string LastLogLine() =>
        File.Exists(LogFile) ? File.ReadLines(LogFile).LastOrDefault(line => line.Contains("Exception", StringComparison.Ordinal) || line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? "it said nothing" : "it said nothing";

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
