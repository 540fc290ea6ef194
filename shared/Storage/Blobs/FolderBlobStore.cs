using System.Buffers;
using System.Security.Cryptography;

namespace BoneMet.Storage.Blobs;

/// <summary>
/// Blobs in a folder: <c>ab/abcdef…</c>, written to <c>tmp/</c> while the digest is computed, flushed, renamed, the directory flushed. A
/// temporary file is locked while it is written; those that nobody holds are what a crash left, and are removed at the next start.
/// </summary>
public sealed class FolderBlobStore : IBlobStore, IProbe
{
    private const int BufferSize = 128 * 1024;
    private const long CheckEvery = 64L << 20;

    private readonly string folder;
    private readonly string temporary;
    private readonly long reserveBytes;

    /// <param name="folder">Made when missing.</param>
    /// <param name="reserveBytes">Free bytes that writing must leave on the disk.</param>
    public FolderBlobStore(string folder, long reserveBytes = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        this.folder = Path.GetFullPath(folder);
        this.reserveBytes = reserveBytes;
        temporary = Path.Combine(this.folder, "tmp");
        Directory.CreateDirectory(temporary);
        RemoveStale();
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

    public Task<Stream?> Open(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!BlobName.IsValid(sha256)) { return Task.FromResult<Stream?>(null); }
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(sha256), new FileStreamOptions { Options = FileOptions.Asynchronous, BufferSize = 64 * 1024 }));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task<string?> LocalPath(string sha256, CancellationToken cancellation = default) =>
        Task.FromResult(BlobName.IsValid(sha256) && File.Exists(PathOf(sha256)) ? PathOf(sha256) : null);

    public Task<bool> Exists(string sha256, CancellationToken cancellation = default) => Task.FromResult(BlobName.IsValid(sha256) && File.Exists(PathOf(sha256)));

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

    /// <summary>Removes a blob from this folder; used by caches, never by the store of record.</summary>
    internal void Evict(string sha256)
    {
        if (BlobName.IsValid(sha256)) { File.Delete(PathOf(sha256)); }
    }

    /// <summary>All blobs here with their size and last use, for the eviction of a cache.</summary>
    internal IEnumerable<FileInfo> Files() =>
        new DirectoryInfo(folder).EnumerateDirectories("??").SelectMany(shard => shard.EnumerateFiles()).Where(file => BlobName.IsValid(file.Name));

    private string PathOf(string sha256) => Path.Combine(folder, sha256[..2], sha256);

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
