using Microsoft.Data.Sqlite;

namespace BoneMet.Storage.Sqlite;

/// <summary>
/// All writes of a file go through one connection. Those that wait together share one transaction and thus one flush of the disk
/// (group commit): a save returns after the flush that contains it.
/// </summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private const int LargestGroup = 256;
    private const int SqliteFull = 13;
    private const int SqliteIoError = 10;

    private readonly WorkQueue<Work> pending = new();
    private readonly SqliteSession session;
    private readonly Thread thread;

    public WriteQueue(SqliteSession session)
    {
        this.session = session;
        // A thread of its own: a commit waits for the disk, which the pool's few threads are too precious for.
        thread = new Thread(Run) { IsBackground = true, Name = "documents" };
        thread.Start();
    }

    /// <summary>Runs <paramref name="write"/> inside the next transaction; completes when that is durable.</summary>
    public Task<bool> Write(Func<SqliteSession, bool> write)
    {
        var work = new Work(write);
        ObjectDisposedException.ThrowIf(!pending.TryAdd(work), typeof(SqliteDocumentStore));
        return work.Done.Task;
    }

    /// <summary>What waits is still written.</summary>
    public async ValueTask DisposeAsync()
    {
        pending.Close();
        await Task.Run(thread.Join);
        await session.DisposeAsync();
    }

    private void Run()
    {
        var group = new List<Work>(LargestGroup);
        while (pending.Take(group, LargestGroup))
        {
            Commit(group);
            group.Clear();
        }
    }

    private void Commit(List<Work> group)
    {
        try
        {
            using var transaction = session.Begin();
            foreach (var work in group) { work.Result = work.Write(session); }
            transaction.Commit();
        }
        catch (Exception fault) when (group.Count > 1 && fault is not SqliteException { SqliteErrorCode: SqliteFull or SqliteIoError })
        {
            // One bad write must not take its neighbours with it: each gets its own transaction.
            foreach (var work in group) { Commit([work]); }
            return;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == SqliteFull)
        {
            Fail(group, new DiskFullException("The disk that holds the documents is full.", fault));
            return;
        }
        catch (Exception fault)
        {
            Fail(group, fault);
            return;
        }
        finally
        {
            session.End();
        }
        foreach (var work in group) { work.Done.TrySetResult(work.Result); }
    }

    private static void Fail(List<Work> group, Exception fault)
    {
        foreach (var work in group) { work.Done.TrySetException(fault); }
    }

    private sealed class Work(Func<SqliteSession, bool> write)
    {
        public Func<SqliteSession, bool> Write { get; } = write;
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool Result { get; set; }
    }
}
