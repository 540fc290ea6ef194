using BoneMet.FeatureExtraction.Catalogue;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>
/// Sessions by encoder: opened and proven on first use, shared, unloaded when idle or when another needs their memory. The native library itself is loaded with the first session.
/// </summary>
internal sealed class EncoderPool(EncoderCatalogue catalogue, IOptions<InferenceOptions> options, TimeProvider clock, SessionOpener? opener = null) : IAsyncDisposable
{
    /// <summary>One opens at a time, so that two do not take the same room. Held inside an entry's gate; under it, other gates are only tried.</summary>
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Dictionary<string, Entry> _entries = catalogue.Encoders.ToDictionary(package => package.Card.Id, package => new Entry(package));

    public EncoderCatalogue Catalogue { get; } = catalogue;

    public IReadOnlyList<EncoderStatus> Status() => [.. _entries.Values.Select(entry => entry.Status()).OrderBy(status => status.Card.Id, StringComparer.Ordinal)];

    /// <summary>What an encoder's file carries beside its graph, once it has been opened here; null before.</summary>
    public EncoderMetadata? Metadata(string id) => _entries.GetValueOrDefault(id)?.Metadata;

    /// <summary>The session of an encoder, opened and proven if it is not yet.</summary>
    /// <exception cref="UnusableEncoderException">It does not exist or must not serve.</exception>
    public async Task<EncoderLease> Rent(string id, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry)) { throw new UnusableEncoderException("encoder-missing", $"There is no encoder {id} here."); }
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            entry.Session ??= await OpenWithinBudget(entry, cancellation);
            entry.Queue ??= new(entry.Session, TimeSpan.FromMilliseconds(options.Value.BatchDelayMilliseconds));
            Interlocked.Increment(ref entry.Users);
            entry.LastUsed = clock.GetTimestamp();
            return new(entry.Session, entry.Queue, () => Release(entry));
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>Unloads sessions that nobody has used for the configured time, and then those beyond the memory budget; returns how many.</summary>
    public async Task<int> UnloadIdle(CancellationToken cancellation)
    {
        var unloaded = 0;
        foreach (var entry in _entries.Values)
        {
            await entry.Gate.WaitAsync(cancellation);
            try
            {
                if (entry.Session is null || entry.Users > 0 || clock.GetElapsedTime(entry.LastUsed) < TimeSpan.FromSeconds(options.Value.IdleSeconds)) { continue; }
                await Unload(entry, "idle");
                unloaded++;
            }
            finally
            {
                entry.Gate.Release();
            }
        }
        return unloaded + await MakeRoom(0);
    }

    /// <summary>Opens, proves and unloads an encoder that is not in use; what was found is in its status.</summary>
    public async Task Prove(string id, CancellationToken cancellation)
    {
        var entry = _entries[id];
        await entry.Gate.WaitAsync(cancellation);
        try
        {
            if (entry.Session is not null) { return; }
            using var session = await OpenWithinBudget(entry, cancellation);
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
        _opening.Dispose();
    }

    private async Task<EncoderSession> OpenWithinBudget(Entry entry, CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            var file = new FileInfo(entry.Package.ModelPath);
            await MakeRoom(file.Exists ? 2 * file.Length : 0);
            return await Task.Run(() => Open(entry), cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Unloads what was used longest ago until the rest and the bytes to come fit the budget; what is in use stays, even if the budget is then exceeded.</summary>
    private async Task<int> MakeRoom(long coming)
    {
        var (budget, unloaded) = ((long)options.Value.MemoryMiB << 20, 0);
        foreach (var entry in _entries.Values.OrderBy(entry => entry.LastUsed))
        {
            if (_entries.Values.Sum(other => other.Bytes) + coming <= budget) { break; }
            // Not waited for: whoever holds the gate is about to use the session.
            if (!await entry.Gate.WaitAsync(TimeSpan.Zero)) { continue; }
            try
            {
                if (entry.Session is null || entry.Users > 0) { continue; }
                await Unload(entry, "memory");
                unloaded++;
            }
            finally
            {
                entry.Gate.Release();
            }
        }
        return unloaded;
    }

    private static async Task Unload(Entry entry, string reason)
    {
        await entry.Unload();
        InferenceMetrics.Unloaded(entry.Package.Card.Id, reason);
    }

    private EncoderSession Open(Entry entry)
    {
        try
        {
            var session = EncoderSession.Open(entry.Package, options.Value, opener ?? SessionFactory.Open);
            (entry.Decision, entry.Metadata, entry.Proven, entry.Fault) = (session.Decision, session.Metadata, true, null);
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
        public EncoderMetadata? Metadata { get; set; }
        public bool Proven { get; set; }
        public string? Fault { get; set; }
        public long LastUsed { get; set; }
        public long Bytes => Session?.Bytes ?? 0;

        public async Task Unload()
        {
            if (Queue is not null) { await Queue.DisposeAsync(); }
            Decision = Session?.Decision ?? Decision;
            Session?.Dispose();
            (Queue, Session) = (null, null);
        }

        public EncoderStatus Status() => new(Package.Card, Bytes, Proven, (Session?.Decision ?? Decision)?.Provider, (Session?.Decision ?? Decision)?.Fallback, Fault);
    }
}
