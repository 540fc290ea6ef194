using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Cases;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Instances;

/// <summary>
/// The index of instances. Rows of new instances are durable with their blobs, as notes, and are written here a little later, many at once; whoever reads waits for those
/// that are on their way, so that an acknowledged instance is always found.
/// </summary>
internal sealed partial class InstanceIndex : IDocumentCollection<HeldInstance>, IAsyncDisposable
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly IDocumentCollection<HeldInstance> rows;
    private readonly IBlobStore blobs;
    private readonly TimeProvider clock;
    private readonly ILogger<InstanceIndex> logger;
    private readonly ConcurrentDictionary<string, Row> underway = new(StringComparer.Ordinal);
    private readonly Channel<Row> waiting = Channel.CreateUnbounded<Row>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim hurry = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;

    public InstanceIndex(IDocumentStore store, IBlobStore blobs, TimeProvider clock, ILogger<InstanceIndex> logger)
    {
        (rows, this.blobs, this.clock, this.logger) = (store.Collection(HeldInstance.Indexes), blobs, clock, logger);
        loop = Task.Run(Run);
    }

    /// <summary>Takes a row that was not there before; the note makes it durable with its blob.</summary>
    /// <param name="instance">A row of version 0.</param>
    /// <param name="coming">Its blob: the row is written once that is stored.</param>
    public BlobNote Add(HeldInstance instance, ComingBlob coming)
    {
        var row = new Row(instance) { IsWanted = !coming.KeepsNotes };
        underway[instance.Id] = row;
        return new BlobNote(JsonSerializer.SerializeToUtf8Bytes(instance, DocumentJson.Options), Settle(row, coming));
    }

    /// <summary>Writes the rows that a crash left in notes. Called at start, before anything is received.</summary>
    public Task Recover(CancellationToken cancellation) => blobs.Recover(
        async note =>
        {
            var row = JsonSerializer.Deserialize<HeldInstance>(note.Span, DocumentJson.Options) ?? throw new JsonException("A note beside a blob holds no instance.");
            await Save(row);
        },
        cancellation);

    /// <summary>Waits until all rows that were added are in the index. Their blobs may still be on their way to where other processes find them (<see cref="IBlobStore"/>).</summary>
    public async Task Written()
    {
        if (underway.IsEmpty) { return; }
        var waited = underway.Values;
        foreach (var row in waited) { row.IsWanted = true; }
        Hurry();
        await Task.WhenAll(waited.Select(row => row.Written.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Somebody waits: rows are written without gathering more.</summary>
    private void Hurry()
    {
        if (hurry.CurrentCount > 0) { return; }
        try
        {
            hurry.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody is in a hurry already.
            return;
        }
    }

    public async Task<HeldInstance?> Find(string id, CancellationToken cancellation = default)
    {
        if (underway.TryGetValue(id, out var row))
        {
            row.IsWanted = true;
            Hurry();
            await row.Written.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return await rows.Find(id, cancellation);
    }

    public async Task<HeldInstance?> TrySave(HeldInstance document, CancellationToken cancellation = default) => await rows.TrySave(document, cancellation);

    public async Task<bool> Delete(string id, long version, CancellationToken cancellation = default)
    {
        await Written();
        return await rows.Delete(id, version, cancellation);
    }

    public async Task<DocumentPage<HeldInstance>> Query(
        IReadOnlyDictionary<string, string>? equal = null, string? after = null, int limit = 100, bool descending = false, CancellationToken cancellation = default)
    {
        await Written();
        return await rows.Query(equal, after, limit, descending, cancellation);
    }

    public async Task<IReadOnlyDictionary<string, long>> CountBy(string index, CancellationToken cancellation = default)
    {
        await Written();
        return await rows.CountBy(index, cancellation);
    }

    public Task<IReadOnlyList<string>> WithOutbox(int limit, CancellationToken cancellation = default) => rows.WithOutbox(limit, cancellation);

    /// <summary>Writes what waits; rows that cannot be written are left to the blobs' journal, which hands them over at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!waiting.Writer.TryComplete()) { return; }
        await stopping.CancelAsync();
        Hurry();
        await loop;
        stopping.Dispose();
        hurry.Dispose();
    }

    private async Task Settle(Row row, ComingBlob coming)
    {
        try
        {
            await coming.Stored;
            if (!waiting.Writer.TryWrite(row)) { throw new OperationCanceledException("The service ends; the row is in the journal."); }
            // Asked for before it came here.
            if (row.IsWanted) { Hurry(); }
            await row.Written.Task;
            await coming.Placed;
        }
        catch (Exception fault)
        {
            // Not stored: the sender is told. Not written: the service ends, and the journal keeps it.
            row.Written.TrySetException(fault);
            _ = row.Written.Task.Exception;
            throw;
        }
        finally
        {
            underway.TryRemove(KeyValuePair.Create(row.Instance.Id, row));
        }
    }

    private async Task Run()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            await hurry.WaitAsync(Gathering);
            var group = new List<Row>();
            while (waiting.Reader.TryRead(out var row)) { group.Add(row); }
            // Those that wait together share one commit.
            await Task.WhenAll(group.Select(Write));
        }
    }

    private async Task Write(Row row)
    {
        while (true)
        {
            try
            {
                await Save(row.Instance);
                underway.TryRemove(KeyValuePair.Create(row.Instance.Id, row));
                row.Written.TrySetResult();
                return;
            }
            catch (Exception fault) when (!stopping.IsCancellationRequested)
            {
                // Acknowledged already, and durable in the journal: it is written as soon as the index can be written again.
                LogWaiting(fault);
                await Task.Delay(Again, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault)
            {
                row.Written.TrySetException(fault);
                return;
            }
        }
    }

    /// <summary>Another process may have stored the same instance at the same moment: the same bytes are fine, others are kept and reported.</summary>
    private async Task Save(HeldInstance row)
    {
        while (await rows.TrySave(row) is null)
        {
            if (await rows.Find(row.Id) is not { } held) { continue; }
            if (held.Blob == row.Blob || held.Conflicts.Any(conflict => conflict.Blob == row.Blob)) { return; }
            if (held.SourceSha256 == row.SourceSha256 && await HaveSamePixels(held.Blob, row.Blob)) { return; }
            if (await rows.TrySave(held with { Conflicts = [.. held.Conflicts, new InstanceConflict(row.Blob, clock.GetUtcNow())] }) is not null) { return; }
        }
    }

    private async Task<bool> HaveSamePixels(string one, string other) =>
        await blobs.LocalPath(one) is { } first && await blobs.LocalPath(other) is { } second
        && PixelBytes.AreSame(DicomFile.Open(first).Dataset.Find(DicomTag.PixelData), DicomFile.Open(second).Dataset.Find(DicomTag.PixelData));

    [LoggerMessage(EventId = 1303, Level = LogLevel.Error, Message = "The index of instances cannot be written; it is tried again")]
    private partial void LogWaiting(Exception fault);

    private sealed class Row(HeldInstance instance)
    {
        public HeldInstance Instance { get; } = instance;

        /// <summary>Somebody waits for it: it is written without gathering more.</summary>
        public volatile bool IsWanted;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
