using System.CommandLine;

namespace BoneMet.Cli.Platform;

/// <summary>`bonemet cluster`: the same services, each its own process, over RabbitMQ and gRPC behind the gateway.</summary>
internal static class ClusterCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder that keeps everything", DefaultValueFactory = _ => "data-cluster", HelpName = "DIR" };
        var port = new Option<int>("--port") { Description = "Port of the gateway", DefaultValueFactory = _ => 8080, HelpName = "N" };
        var command = new Command("cluster", "Run every service as its own process over RabbitMQ (its own, or ConnectionStrings__rabbitmq), in the foreground") { data, port };
        command.SetAction((parsed, cancellation) => Run(parsed.GetValue(data)!, parsed.GetValue(port), cancellation));
        return command;
    }

    private static async Task<int> Run(string data, int port, CancellationToken cancellation)
    {
        if (!FreePort.IsFree(port)) { throw new CliFailure($"Port {port} is in use: choose another with --port."); }

        Console.WriteLine("Starting RabbitMQ and seven services ...");
        await using var cluster = await LocalCluster.Start(data, port, cancellation);
        Welcome.Print(cluster.Url, cluster.Key, Path.GetFullPath(data));
        foreach (var (service, process) in cluster.Processes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {service,-22} pid {process,-7} log {Path.Combine(Path.GetFullPath(data), "log", service + ".log")}");
        }
        try { await cluster.Supervise(message => Console.WriteLine(message), cancellation); }
        catch (OperationCanceledException) { Console.WriteLine("Stopping ..."); }
        return 0;
    }
}
