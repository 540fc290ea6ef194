using BoneMet.FeatureExtraction.Catalogue;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Sessions by encoder: opened on first use, shared, unloaded when idle. The native library itself is loaded with the first session.</summary>
internal sealed class EncoderPool(EncoderCatalogue catalogue, IOptions<InferenceOptions> options, TimeProvider clock) : IAsyncDisposable
{
    private readonly Dictionary<string, Entry> _entries = catalogue.Encoders.ToDictionary(package => package.Card.Id, package => new Entry(package));

    public EncoderCatalogue Catalogue { get; } = catalogue;

    public IReadOnlyList<EncoderStatus> Status() => [.. _entries.Values.Select(entry => entry.Status()).OrderBy(status => status.Card.Id, StringComparer.Ordinal)];

    /// <summary>The session of an encoder, opened and proven if it is not yet.</summary>
    /// <exception cref="UnusableEncoderException">It does not exist or must not serve.</exception>
    public async Task<EncoderLease> Rent(string id, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry)) { throw new UnusableEncoderException("encoder-missing", $"There is no encoder {id} here."); }
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            entry.Session ??= await Task.Run(() => Open(entry), cancellation);
            entry.Queue ??= new(entry.Session, TimeSpan.FromMilliseconds(options.Value.BatchDelayMilliseconds));
            Interlocked.Increment(ref entry.Users);
            return new(entry.Session, entry.Queue, () => Release(entry));
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>Unloads sessions that nobody has used for the configured time; returns how many.</summary>
    public async Task<int> UnloadIdle(CancellationToken cancellation)
    {
        var unloaded = 0;
        foreach (var entry in _entries.Values)
        {
            await entry.Gate.WaitAsync(cancellation);
            try
            {
                if (entry.Session is null || entry.Users > 0 || clock.GetElapsedTime(entry.LastUsed) < TimeSpan.FromSeconds(options.Value.IdleSeconds)) { continue; }
                await entry.Unload();
                unloaded++;
            }
            finally
            {
                entry.Gate.Release();
            }
        }
        return unloaded;
    }

    /// <summary>Opens, proves and unloads an encoder that is not in use; what was found is in its status.</summary>
    public async Task Prove(string id, CancellationToken cancellation)
    {
        var entry = _entries[id];
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            if (entry.Session is not null) { return; }
            using var session = await Task.Run(() => Open(entry), cancellation);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var entry in _entries.Values)
        {
            await entry.Unload();
            entry.Gate.Dispose();
        }
    }

    private EncoderSession Open(Entry entry)
    {
        try
        {
            var session = EncoderSession.Open(entry.Package, options.Value);
            (entry.Decision, entry.Proven, entry.Fault) = (session.Decision, true, null);
            return session;
        }
        catch (UnusableEncoderException exception)
        {
            (entry.Proven, entry.Fault) = (false, exception.Message);
            throw;
        }
    }

    private void Release(Entry entry)
    {
        entry.LastUsed = clock.GetTimestamp();
        Interlocked.Decrement(ref entry.Users);
    }

    private sealed class Entry(EncoderPackage package)
    {
        public int Users;
        public EncoderPackage Package { get; } = package;
        public SemaphoreSlim Gate { get; } = new(1, 1);
        public EncoderSession? Session { get; set; }
        public BatchQueue? Queue { get; set; }
        public ProviderDecision? Decision { get; set; }
        public bool Proven { get; set; }
        public string? Fault { get; set; }
        public long LastUsed { get; set; }

        public async Task Unload()
        {
            if (Queue is not null) { await Queue.DisposeAsync(); }
            Session?.Dispose();
            (Queue, Session) = (null, null);
        }

        public EncoderStatus Status() => new(Package.Card, Session is not null, Proven, (Session?.Decision ?? Decision)?.Provider, (Session?.Decision ?? Decision)?.Fallback, Fault);
    }
}
