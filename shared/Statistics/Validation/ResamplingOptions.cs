namespace BoneMet.Statistics.Validation;

/// <summary>How resampling is done. The same seed gives the same numbers on any number of threads: every replicate has its own stream.</summary>
public sealed record ResamplingOptions
{
    /// <summary>Bootstrap samples B.</summary>
    public int Replicates { get; init; } = 200;

    /// <summary>Seed of the streams.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; 0 means one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Told the finished share, 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Ends the work early with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }
}
