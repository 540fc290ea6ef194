using System.CommandLine;

namespace BoneMet.Cli.Platform;

/// <summary>`bonemet up`: the whole platform in one process, in the foreground, with a durable data folder.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder that keeps everything", DefaultValueFactory = _ => "data", HelpName = "DIR" };
        var port = new Option<int>("--port") { Description = "Port of the REST API and the pages (gRPC takes the next one)", DefaultValueFactory = _ => 8080, HelpName = "N" };
        var command = new Command("up", "Run the whole platform in one process on this machine, in the foreground") { data, port };
        command.SetAction((parsed, cancellation) => Run(parsed.GetValue(data)!, parsed.GetValue(port), cancellation));
        return command;
    }

    private static async Task<int> Run(string data, int port, CancellationToken cancellation)
    {
        await using var platform = await LocalPlatform.Start(data, port, cancellation);
        Welcome.Print(platform.Url, platform.Key, Path.GetFullPath(data));
        try { await platform.Process.WaitForExit(cancellation); }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopping ...");
            await platform.Process.Stop();
            Console.WriteLine("Stopped. Everything is kept; start again with the same --data to carry on.");
            return 0;
        }
        Console.Error.WriteLine($"bonemet: the platform ended by itself with exit code {platform.Process.ExitCode}; its log is {platform.Process.LogFile}");
        return 1;
    }
}
