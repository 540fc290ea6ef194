using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace BoneMet.Storage.Blobs;

/// <summary>
/// Blobs in a folder: <c>ab/abcdef…</c>, written to <c>tmp/</c> while the digest is computed, flushed, renamed, the directory flushed. A
/// temporary file is locked while it is written; those that nobody holds are what a crash left, and are removed at the next start.
/// After <see cref="Prepare"/>, small blobs from memory become durable in a journal first (<c>journal/</c>); their files are written and flushed later, and whoever
/// reads one here waits for it.
/// </summary>
public sealed class FolderBlobStore : IBlobStore, IProbe, IAsyncDisposable
{
    private const string Journals = "journal";
    private const int BufferSize = 128 * 1024;
    private const long CheckEvery = 64L << 20;

    private readonly string folder;
    private readonly string temporary;
    private readonly string journals;
    private readonly long reserveBytes;
    private readonly long journalBytes;
    private readonly Lock preparing = new();
    private readonly ConcurrentDictionary<string, JournalEntry> underway = new(StringComparer.Ordinal);
    private Task<BlobJournal>? journal;
    private BlobPlacer? placer;

    /// <param name="folder">Made when missing.</param>
    /// <param name="reserveBytes">Free bytes that writing must leave on the disk.</param>
    /// <param name="journalBytes">Size of the journal that <see cref="Prepare"/> makes; 0: none.</param>
    public FolderBlobStore(string folder, long reserveBytes = 0, long journalBytes = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        this.folder = Path.GetFullPath(folder);
        this.reserveBytes = reserveBytes;
        this.journalBytes = journalBytes;
        journals = Path.Combine(this.folder, Journals);
        temporary = Path.Combine(this.folder, "tmp");
        Directory.CreateDirectory(temporary);
        RemoveStale();
        BlobJournal.RestoreBlobs(journals, PathOf, Restore);
    }

    /// <summary>
    /// Blobs below <paramref name="folder"/> that have no file yet, while the platform runs: a backup takes them, after the documents and before the files, so that what the documents
    /// name is in it.
    /// </summary>
    public static IEnumerable<(string Path, byte[] Content)> Unplaced(string folder) =>
        BlobJournal.Unplaced(Path.Combine(folder, Journals), sha256 => Path.Combine(folder, RelativePath(sha256))).Select(blob => (RelativePath(blob.Digest), blob.Content));

    public async Task Prepare(CancellationToken cancellation = default)
    {
        if (journalBytes <= 0) { return; }
        lock (preparing)
        {
            placer ??= new BlobPlacer(temporary, PathOf);
            journal ??= Task.Run(() => BlobJournal.Open(journals, journalBytes, RequireRoom, entry => PathOf(entry.Digest), placer), CancellationToken.None);
        }
        await journal.WaitAsync(cancellation);
    }

    public Task Recover(Func<ReadOnlyMemory<byte>, Task> settle, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settle);
        return BlobJournal.SettleNotes(journals, settle).WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Task<BlobJournal>? open;
        lock (preparing) { open = journal; }
        if (open is null) { return; }
        // The journal ends with flushing what the placer has put down, and the placer is fed by the journal: so the files first, then the rest of the journal.
        var opened = await open;
        await opened.Drain();
        await placer!.DisposeAsync();
        await opened.DisposeAsync();
    }

    public PendingBlob Put(IReadOnlyList<ReadOnlyMemory<byte>> content, Func<ComingBlob, BlobNote>? note = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        RequireRoom();
        var length = BlobParts.Length(content);
        if (journal is not { IsCompletedSuccessfully: true } ready || length > BlobJournal.LargestContent)
        {
            return BlobParts.Unjournaled(content, Task.Run(() => Put(new MemoryPartsStream(content))), note);
        }
        var entry = new JournalEntry(content, (int)length, Arrived);
        var blob = new StoredBlob(entry.Digest, length);
        underway[blob.Sha256] = entry;
        try
        {
            var told = note?.Invoke(new ComingBlob(blob, entry.Flushed, entry.Placed, KeepsNotes: true));
            var isKept = told is null || told.Text.Length <= BlobJournal.LargestNote;
            var durable = isKept ? entry.Flushed : Task.WhenAll(entry.Flushed, told!.Settled);
            entry.Note = isKept ? told : null;
            ObjectDisposedException.ThrowIf(!ready.Result.TryAppend(entry), this);
            return new PendingBlob(blob, durable, entry.Placed, isKept);
        }
        catch (Exception fault)
        {
            entry.Fail(fault);
            throw;
        }
    }

    public async Task<StoredBlob> Put(Stream content, long maxBytes = long.MaxValue, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        RequireRoom();
        var path = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        try
        {
            var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous });
            await using (file)
            {
                var (digest, length) = await Copy(content, file, maxBytes, cancellation);
                file.Flush(flushToDisk: true);
                CrashPoint.Hit(CrashPoint.DuringBlobRename);
                Adopt(path, digest);
                return new StoredBlob(digest, length);
            }
        }
        catch (IOException fault) when (DurableFile.IsDiskFull(fault))
        {
            throw new DiskFullException("The disk that holds the blobs is full.", fault);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task<Stream?> Open(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!BlobName.IsValid(sha256)) { return null; }
        await Arrival(sha256, cancellation);
        try
        {
            return new FileStream(PathOf(sha256), new FileStreamOptions { Options = FileOptions.Asynchronous, BufferSize = 64 * 1024 });
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public async Task<string?> LocalPath(string sha256, CancellationToken cancellation = default) => await Exists(sha256, cancellation) ? PathOf(sha256) : null;

    public async Task<bool> Exists(string sha256, CancellationToken cancellation = default)
    {
        await Arrival(sha256, cancellation);
        return BlobName.IsValid(sha256) && File.Exists(PathOf(sha256));
    }

    public async Task Delete(string sha256, CancellationToken cancellation = default)
    {
        await Arrival(sha256, cancellation);
        Evict(sha256);
    }

    public async Task<bool> Verify(string sha256, CancellationToken cancellation = default)
    {
        var content = await Open(sha256, cancellation);
        if (content is null) { return false; }
        await using (content)
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == sha256;
        }
    }

    public async Task Probe(CancellationToken cancellation = default)
    {
        RequireRoom();
        var path = Path.Combine(temporary, $"probe-{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(path, [1], cancellation);
        File.Delete(path);
    }

    /// <summary>Removes a blob from this folder; used by caches alone.</summary>
    internal void Evict(string sha256)
    {
        if (BlobName.IsValid(sha256) && File.Exists(PathOf(sha256))) { File.Delete(PathOf(sha256)); }
    }

    /// <summary>All blobs here with their size and last use, for the eviction of a cache.</summary>
    internal IEnumerable<FileInfo> Files() =>
        new DirectoryInfo(folder).EnumerateDirectories("??").SelectMany(shard => shard.EnumerateFiles()).Where(file => BlobName.IsValid(file.Name));

    private string PathOf(string sha256) => Path.Combine(folder, RelativePath(sha256));

    private static string RelativePath(string sha256) => Path.Combine(sha256[..2], sha256);

    private async Task<(string Digest, long Length)> Copy(Stream content, FileStream file, long maxBytes, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = 0L;
            var nextCheck = CheckEvery;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                length += read;
                if (length > maxBytes) { throw new BlobTooLargeException(maxBytes); }
                if (length >= nextCheck)
                {
                    RequireRoom();
                    nextCheck += CheckEvery;
                }
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Waits for a blob that is on its way to its place.</summary>
    private async ValueTask Arrival(string sha256, CancellationToken cancellation)
    {
        if (!underway.TryGetValue(sha256, out var entry)) { return; }
        await entry.Flushed.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        placer!.Demand(entry.Number);
        await entry.Placed.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    private void Arrived(JournalEntry entry) => underway.TryRemove(KeyValuePair.Create(entry.Digest, entry));

    /// <summary>A blob that a crash has cost its file comes back from the journal.</summary>
    private void Restore(string digest, byte[] content)
    {
        var path = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, content);
        DurableFile.Flush(path);
        var target = PathOf(digest);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(path, target, overwrite: true);
    }

    private void Adopt(string path, string digest)
    {
        var target = PathOf(digest);
        var shard = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(shard))
        {
            Directory.CreateDirectory(shard);
            DurableFile.FlushDirectory(folder);
        }
        if (!File.Exists(target))
        {
            try
            {
                File.Move(path, target, overwrite: false);
            }
            catch (IOException) when (File.Exists(target))
            {
                // Somebody stored the same bytes at the same moment: theirs stay. The directory is still flushed, since both are now promised.
            }
        }
        DurableFile.FlushDirectory(shard);
    }

    private void RequireRoom()
    {
        if (reserveBytes <= 0) { return; }
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < reserveBytes) { throw new DiskFullException($"The disk that holds the blobs has {free >> 20} MiB left; {reserveBytes >> 20} MiB are kept in reserve."); }
    }

    private void RemoveStale()
    {
        foreach (var path in Directory.EnumerateFiles(temporary))
        {
            try
            {
                using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                File.Delete(path);
            }
            catch (IOException)
            {
                // Locked by a process that is writing it now, or just renamed by it: not ours to remove.
                continue;
            }
        }
    }
}
