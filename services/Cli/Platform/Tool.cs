using System.Diagnostics;

namespace BoneMet.Cli.Platform;

/// <summary>Other programs of this machine, run to their end.</summary>
internal static class Tool
{
    private const int LastLines = 6;

    public static string? Which(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>What it wrote to standard output; when it fails, its last words are the reason.</summary>
    public static async Task<string> Run(
        string program, IEnumerable<string> arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        if (!Path.IsPathRooted(program) && Which(program) is null) { throw new CliFailure($"`{program}` is not installed on this machine."); }

        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) { info.Environment[name] = value; }
        using var process = Process.Start(info) ?? throw new CliFailure($"`{program}` could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try { await process.WaitForExitAsync(cancellation); }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode == 0) { return await output; }

        var said = string.Join(" | ", $"{await error}\n{await output}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(LastLines));
        throw new CliFailure($"`{program} {info.ArgumentList.FirstOrDefault()}` ended with {process.ExitCode}: {said}");
    }
}
