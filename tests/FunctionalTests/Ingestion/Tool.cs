using System.Diagnostics;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>Runs a peer's command-line tool; skips the test, by name, where it is not installed.</summary>
internal static class Tool
{
    public static void Require(string name) =>
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name))), $"needs the peer {name}, which is not installed");

    public static async Task<(int Code, string Output)> Run(string name, params string[] arguments)
    {
        Require(name);
        using var process = Start(name, arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }

    public static Process Start(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        start.Environment["TCP_NODELAY"] = "1";
        return Process.Start(start)!;
    }
}
