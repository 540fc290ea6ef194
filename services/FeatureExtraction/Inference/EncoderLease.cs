namespace BoneMet.FeatureExtraction.Inference;

/// <summary>A session in use; while a lease is held, the session is not unloaded.</summary>
internal sealed class EncoderLease(EncoderSession session, BatchQueue queue, Action release) : IDisposable
{
    private Action? _release = release;

    public EncoderSession Session { get; } = session;

    /// <summary>Where items of all callers meet to be encoded together.</summary>
    public BatchQueue Queue { get; } = queue;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
