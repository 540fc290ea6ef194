using Microsoft.Extensions.Hosting;

namespace BoneMet.Hosting;

/// <summary>
/// Stops the process when its standard input closes: a platform that a tool started ends with that tool, even when the tool is killed.
/// On with <c>Host:StopWithParent</c>.
/// </summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime) : BackgroundService
{
    public const string Setting = "Host:StopWithParent";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[64];

        // A read of a pipe cannot be cancelled: whichever ends first, the pipe or the process.
        var closed = Task.Run(
            async () =>
            {
                while (await input.ReadAsync(buffer, CancellationToken.None) > 0) { }
            },
            CancellationToken.None);
        await Task.WhenAny(closed, Task.Delay(Timeout.Infinite, stoppingToken));
        lifetime.StopApplication();
    }
}
