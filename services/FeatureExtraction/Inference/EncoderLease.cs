namespace BoneMet.FeatureExtraction.Inference;

/// <summary>A session in use; while a lease is held, the session is not unloaded.</summary>
internal sealed class EncoderLease(EncoderSession session, Action release) : IDisposable
{
    private Action? _release = release;

    public EncoderSession Session { get; } = session;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
