using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoneMet.Hosting;

/// <summary>The first and the last line of every service's program.</summary>
public static partial class ServiceHost
{
    // Settings are read at start: the host would otherwise watch every folder below its working directory, a data folder with all its blobs too.
    private const string NoReload = "--hostBuilder:reloadConfigOnChange=false";
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>The builder of a service; from here on SIGTERM is a request to end well.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var start = new ServiceStart();
        var builder = WebApplication.CreateBuilder([.. args, NoReload]);
        builder.Services.AddSingleton(start);

        // The host takes a start that is called off for a fault, and logs it as one.
        builder.Logging.AddFilter(HostLog, level => level >= LogLevel.Information && !start.IsCalledOff);
        return builder;
    }

    /// <summary>Runs until the process is told to stop; told so while it starts, it ends as it does later: with exit code 0.</summary>
    public static async Task RunService(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        using var start = app.Services.GetRequiredService<ServiceStart>();
        await using (app)
        {
            start.Begin(app.Lifetime);
            try { await app.StartAsync(); }
            catch (OperationCanceledException) when (start.IsCalledOff)
            {
                LogCalledOff(app.Logger);
                return;
            }
            start.End();
            await app.WaitForShutdownAsync();
        }
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "Told to stop while starting: the service ends")]
    private static partial void LogCalledOff(ILogger logger);
}
