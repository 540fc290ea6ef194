using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Proves every encoder in the background once the host is up, then unloads those that idle.</summary>
internal sealed partial class EncoderKeeper(
    EncoderPool pool, IOptions<InferenceOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<EncoderKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Started(stoppingToken);
        foreach (var rejected in pool.Catalogue.Rejected) { LogRejected(rejected.File, rejected.Reason); }
        if (options.Value.ProveAtStart)
        {
            await Task.Delay(Settle, clock, stoppingToken);
            foreach (var package in pool.Catalogue.Encoders) { await Prove(package.Card.Id, stoppingToken); }
        }
        using var timer = new PeriodicTimer(Sweep, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var unloaded = await pool.UnloadIdle(stoppingToken);
            if (unloaded > 0) { LogUnloaded(unloaded); }
        }
    }

    private async Task Prove(string id, CancellationToken cancellation)
    {
        try
        {
            await pool.Prove(id, cancellation);
            var status = pool.Status().First(known => known.Card.Id == id);
            LogProven(id, status.Card.Version, status.Provider ?? "", status.Fallback ?? "none");
        }
        catch (UnusableEncoderException exception)
        {
            LogUnusable(id, exception.Message);
        }
    }

    private async Task Started(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancellation);
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Encoder {Id} {Version} is proven on {Provider} (fallback: {Fallback})")]
    private partial void LogProven(string id, string version, string provider, string fallback);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "Encoder {Id} is not used: {Reason}")]
    private partial void LogUnusable(string id, string reason);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Error, Message = "Encoder card {File} is rejected: {Reason}")]
    private partial void LogRejected(string file, string reason);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Information, Message = "{Count} idle encoders are unloaded")]
    private partial void LogUnloaded(int count);
}
