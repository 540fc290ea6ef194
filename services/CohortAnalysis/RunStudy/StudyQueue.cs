using System.Collections.Concurrent;
using System.Threading.Channels;

namespace BoneMet.CohortAnalysis.RunStudy;

/// <summary>Studies that wait or run in this process. What survives is in the documents; a restart queues again what was not finished.</summary>
internal sealed class StudyQueue : IDisposable
{
    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();
    private readonly ConcurrentDictionary<string, double> _progress = new();

    public void Add(string study) => _waiting.Writer.TryWrite(study);

    public IAsyncEnumerable<string> Waiting(CancellationToken cancellation) => _waiting.Reader.ReadAllAsync(cancellation);

    public double Progress(string study) => _progress.GetValueOrDefault(study);

    public void Report(string study, double value) => _progress[study] = value;

    /// <summary>Begins a study; null when it runs already.</summary>
    public CancellationTokenSource? Begin(string study, CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (_running.TryAdd(study, source)) { return source; }
        source.Dispose();
        return null;
    }

    public void End(string study)
    {
        _progress.TryRemove(study, out _);
        if (_running.TryRemove(study, out var source)) { source.Dispose(); }
    }

    public void Cancel(string study)
    {
        if (!_running.TryGetValue(study, out var source)) { return; }
        try { source.Cancel(); }
        catch (ObjectDisposedException) { _progress.TryRemove(study, out _); }       // it ended at this moment
    }

    public void Dispose()
    {
        foreach (var source in _running.Values) { source.Dispose(); }
    }
}
