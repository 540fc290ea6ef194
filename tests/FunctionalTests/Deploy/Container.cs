using BoneMet.Cli;
using BoneMet.Cli.Platform;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>A container of podman, removed at the end.</summary>
internal sealed class Container : IAsyncDisposable
{
    private readonly string id;

    private Container(string id) => this.id = id;

    /// <summary>False where the kernel or the limits of this machine forbid it.</summary>
    public static async Task<bool> CanRun()
    {
        try
        {
            await Tool.Run("podman", ["info"], CancellationToken.None);
            return true;
        }
        catch (CliFailure) { return false; }
    }

    public static async Task<Container> Start(IEnumerable<string> arguments, CancellationToken cancellation) =>
        new((await Tool.Run("podman", ["run", "--detach", .. arguments], cancellation)).Trim());

    public async Task WaitUntilReady(Uri health, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(health, cancellation);
                if (response.IsSuccessStatusCode) { return; }
            }
            catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !cancellation.IsCancellationRequested)) { await Task.Delay(200, cancellation); }
            if (await Inspect("{{.State.Running}}") != "true") { throw new InvalidOperationException($"The container ended: {await Logs()}"); }
            await Task.Delay(200, cancellation);
        }
    }

    public Task<string> Logs() => Tool.Run("podman", ["logs", id], CancellationToken.None);

    /// <summary>Ends it with SIGTERM; its exit code.</summary>
    public async Task<string> Stop()
    {
        await Tool.Run("podman", ["stop", "--time", "40", id], CancellationToken.None);
        return await Inspect("{{.State.ExitCode}}");
    }

    public async ValueTask DisposeAsync() => await Tool.Run("podman", ["rm", "--force", "--time", "0", id], CancellationToken.None);

    private async Task<string> Inspect(string format) => (await Tool.Run("podman", ["inspect", "--format", format, id], CancellationToken.None)).Trim();
}
