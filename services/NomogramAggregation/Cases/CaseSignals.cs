using System.Collections.Concurrent;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>Wakes those who follow a case in this process; followers in another process look again after a second.</summary>
internal sealed class CaseSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new();

    public void Raise(string caseId)
    {
        if (waiting.TryRemove(caseId, out var source)) { source.TrySetResult(); }
    }

    /// <summary>Completes at the next change of this case, or after <paramref name="limit"/>. Take it before reading the case.</summary>
    public async Task Wait(string caseId, TimeSpan limit, CancellationToken cancellation)
    {
        var change = waiting.GetOrAdd(caseId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        await Task.WhenAny(change, Task.Delay(limit, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }
}
