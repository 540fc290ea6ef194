using System.Threading.Channels;
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

    private readonly Channel<Work> pending = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteSession session;
    private readonly Task loop;

    public WriteQueue(SqliteSession session)
    {
        this.session = session;
        loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Runs <paramref name="write"/> inside the next transaction; completes when that is durable.</summary>
    public Task<bool> Write(Func<SqliteSession, bool> write)
    {
        var work = new Work(write);
        ObjectDisposedException.ThrowIf(!pending.Writer.TryWrite(work), typeof(SqliteDocumentStore));
        return work.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        await loop;
        await session.DisposeAsync();
    }

    private async Task Run()
    {
        var group = new List<Work>(LargestGroup);
        while (await pending.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < LargestGroup && pending.Reader.TryRead(out var work)) { group.Add(work); }
            Commit(group);
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
