namespace BoneMet.Storage;

/// <summary>
/// Work for one thread, which sleeps until there is some. The framework's own waits spin before they sleep; behind a thread that waits for the disk all the
/// time, that costs a small machine more than the work itself.
/// </summary>
internal sealed class WorkQueue<T>
{
    private readonly object gate = new();
    private readonly Queue<T> items = new();
    private bool isClosed;

    /// <summary>False when nothing more is taken.</summary>
    public bool TryAdd(T item)
    {
        lock (gate)
        {
            if (isClosed) { return false; }
            items.Enqueue(item);
            Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>What is in it is still given out.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Moves up to <paramref name="most"/> items to <paramref name="group"/>, after waiting for the first; false when it is closed and empty.</summary>
    public bool Take(List<T> group, int most)
    {
        lock (gate)
        {
            while (items.Count == 0)
            {
                if (isClosed) { return false; }
                Monitor.Wait(gate);
            }
            while (group.Count < most && items.TryDequeue(out var item)) { group.Add(item); }
            return true;
        }
    }

    /// <summary>One more, if there is one.</summary>
    public bool TryTake(out T item)
    {
        lock (gate) { return items.TryDequeue(out item!); }
    }
}
