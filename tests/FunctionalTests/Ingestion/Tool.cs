using System.Diagnostics;
using System.Net.Sockets;
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

    /// <summary>Waits until something accepts connections on the port.</summary>
    public static async Task Listening(int port)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync("127.0.0.1", port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    public static Process Start(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        start.Environment["TCP_NODELAY"] = "1";
        return Process.Start(start)!;
    }
}
