namespace BoneMet.DicomIngestion.Builds;

/// <summary>Wakes the build loop when material has arrived; without it the loop looks once a second.</summary>
internal sealed class BuildSignal : IDisposable
{
    private readonly SemaphoreSlim waiting = new(0);

    public void Wake() => waiting.Release();

    public async Task Wait(TimeSpan atMost, CancellationToken cancellation)
    {
        await waiting.WaitAsync(atMost, cancellation);
        // Several wakings mean one look.
        while (waiting.CurrentCount > 0 && await waiting.WaitAsync(TimeSpan.Zero, cancellation)) { }
    }

    public void Dispose() => waiting.Dispose();
}
