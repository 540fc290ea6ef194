namespace BoneMet.Dicom.Network;

/// <summary>
/// A thread for one association. It blocks in the kernel while the peer is slow, which wakes faster than a pool that must first notice, and what its
/// asynchronous code awaits comes back to it in one step.
/// </summary>
internal sealed class AssociationThread : SynchronizationContext
{
    private readonly object gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private bool isOver;

    private AssociationThread()
    {
    }

    /// <summary>Runs <paramref name="work"/>, and all its continuations, on a thread of its own.</summary>
    public static Task Run(Func<Task> work, string name)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var context = new AssociationThread();
            SetSynchronizationContext(context);
            var task = work();
            _ = task.ContinueWith(_ => context.End(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            context.Pump();
            done.SetFromTask(task);
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return done.Task;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (gate)
        {
            if (!isOver)
            {
                posted.Enqueue((d, state));
                Monitor.Pulse(gate);
                return;
            }
        }
        // A straggler after the end: nothing of the association is left that it could disturb.
        ThreadPool.QueueUserWorkItem(static item => item.d(item.state), (d, state), preferLocal: false);
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (Current == this)
        {
            d(state);
            return;
        }
        using var finished = new ManualResetEventSlim();
        Post(
            _ =>
            {
                d(state);
                finished.Set();
            },
            null);
        finished.Wait();
    }

    public override SynchronizationContext CreateCopy() => this;

    private void End()
    {
        lock (gate)
        {
            isOver = true;
            Monitor.Pulse(gate);
        }
    }

    private void Pump()
    {
        while (true)
        {
            (SendOrPostCallback Callback, object? State) next;
            lock (gate)
            {
                while (!posted.TryDequeue(out next))
                {
                    if (isOver) { return; }
                    Monitor.Wait(gate);
                }
            }
            next.Callback(next.State);
        }
    }
}
