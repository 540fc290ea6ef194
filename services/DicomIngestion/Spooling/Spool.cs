using System.Buffers;
using BoneMet.Hosting;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.DicomIngestion.Spooling;

/// <summary>Where uploads are received: to a temporary file, so that nothing large is ever held in memory. What a crash leaves is removed at start.</summary>
internal sealed class Spool : IDisposable
{
    private const string LockName = "lock";
    private const int BufferSize = 128 * 1024;
    private const int FirstMemory = 1 << 20;
    private const int LargestMemory = 4 << 20;
    private const long CheckEvery = 64L << 20;
    private readonly string folder;
    private readonly FileStream held;
    private readonly long watermark;

    public Spool(IOptions<IngestionOptions> options, IOptions<DataOptions> data)
    {
        var root = Path.GetFullPath(options.Value.SpoolFolder ?? Path.Combine(data.Value.Folder, "spool"));
        watermark = (long)options.Value.WatermarkMiB << 20;
        Directory.CreateDirectory(root);
        foreach (var path in Directory.EnumerateDirectories(root)) { RemoveStale(path); }
        folder = Path.Combine(root, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        held = new FileStream(Path.Combine(folder, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>A name for a new temporary file; the caller makes and removes it.</summary>
    public string NewPath() => Path.Combine(folder, Guid.NewGuid().ToString("N"));

    /// <summary>Free space is above the watermark; asked before anything is accepted.</summary>
    public bool HasRoom() => watermark == 0 || new DriveInfo(folder).AvailableFreeSpace >= watermark;

    /// <summary>Receives <paramref name="content"/> into memory while it is small, else into a file.</summary>
    /// <exception cref="BlobTooLargeException">It is longer than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="DiskFullException">The disk is at its watermark.</exception>
    public async Task<ReceivedItem> ReceiveItem(string name, Stream content, long maxBytes, CancellationToken cancellation)
    {
        RequireRoom();
        var buffer = ArrayPool<byte>.Shared.Rent(FirstMemory);
        var used = 0;
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(used), cancellation)) > 0)
            {
                used += read;
                if (used > maxBytes) { throw new BlobTooLargeException(maxBytes); }
                if (used < buffer.Length) { continue; }
                if (used >= LargestMemory) { return new ReceivedItem(name, null, await Receive(name, content, maxBytes, cancellation, buffer.AsMemory(0, used))); }
                var larger = ArrayPool<byte>.Shared.Rent(2 * used);
                buffer.AsSpan(0, used).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
            var memory = new ReceivedMemory(buffer, used);
            buffer = null;
            return new ReceivedItem(name, memory, null);
        }
        finally
        {
            if (buffer is not null) { ArrayPool<byte>.Shared.Return(buffer); }
        }
    }

    /// <summary>Receives <paramref name="content"/> into a file, after what was read of it already.</summary>
    /// <exception cref="BlobTooLargeException">It is longer than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="DiskFullException">The disk is at its watermark.</exception>
    public async Task<SpooledFile> Receive(string name, Stream content, long maxBytes, CancellationToken cancellation, ReadOnlyMemory<byte> head = default)
    {
        RequireRoom();
        var path = NewPath();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = (long)head.Length;
            var nextCheck = CheckEvery;
            await using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous }))
            {
                if (head.Length > 0) { await file.WriteAsync(head, cancellation); }
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
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                }
            }
            return new SpooledFile(name, path, length);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void RequireRoom()
    {
        if (!HasRoom()) { throw new DiskFullException($"The disk of the spool has less than {watermark >> 20} MiB left."); }
    }

    public void Dispose()
    {
        held.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Each process locks its own folder; one that nobody locks is what a crash left.</summary>
    private static void RemoveStale(string path)
    {
        try
        {
            using (new FileStream(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (IOException)
        {
            // Another process of this installation works in it.
            return;
        }
    }
}
