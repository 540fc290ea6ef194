using System.Collections.Concurrent;
using System.Diagnostics;

namespace BoneMet.FunctionalTests.Hosting;

/// <summary>What the test's consumer has seen.</summary>
internal sealed class Received : IDisposable
{
    private readonly ConcurrentQueue<(string MessageId, EntryWritten Message, ActivityTraceId? Trace)> all = new();
    private readonly SemaphoreSlim arrived = new(0);

    public IReadOnlyList<(string MessageId, EntryWritten Message, ActivityTraceId? Trace)> All => [.. all];

    public void Add(string messageId, EntryWritten message)
    {
        all.Enqueue((messageId, message, Activity.Current?.TraceId));
        arrived.Release();
    }

    public void Dispose() => arrived.Dispose();

    /// <summary>Waits until the condition holds, looking after every arrival.</summary>
    public async Task Until(Func<IReadOnlyList<(string MessageId, EntryWritten Message, ActivityTraceId? Trace)>, bool> holds, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        while (!holds(All)) { await arrived.WaitAsync(timeout.Token); }
    }
}
