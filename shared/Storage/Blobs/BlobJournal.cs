using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace BoneMet.Storage.Blobs;

/// <summary>
/// A file of fixed size, written in a ring, that makes small blobs durable with one flush, shared by all that wait together. Its blocks exist beforehand, so
/// that a flush carries data and no file system metadata. The blobs' own files are flushed later, region by region; until then a crash is
/// repaired from here (<see cref="Recover"/>).
/// </summary>
/// <remarks>
/// A record is a block of header (magic, generation of its region, length, SHA-256 of the content, SHA-256 of the header) and the content, padded to whole
/// blocks. The first block that is no header of the region's generation ends a region: an unfinished record was never acknowledged.
/// </remarks>
internal sealed class BlobJournal : IAsyncDisposable
{
    public const int LargestContent = Region / 4;

    private const int Block = 4096;
    private const int Region = 32 << 20;
    private const int HeaderLength = 24 + (2 * SHA256.HashSizeInBytes);
    private const int LargestGroup = 64;
    private static readonly byte[] Magic = "BMJRNL01"u8.ToArray();

    private readonly Channel<JournalEntry> pending = Channel.CreateUnbounded<JournalEntry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SafeFileHandle file;
    private readonly List<JournalEntry>[] entries;
    private readonly Task[] checkpoints;
    private readonly byte[] header = new byte[Block];
    private readonly Task loop;
    private int region;
    private int used;
    private long generation;

    private BlobJournal(SafeFileHandle file, int regions)
    {
        (this.file, generation) = (file, DateTime.UtcNow.Ticks);
        entries = [.. Enumerable.Range(0, regions).Select(_ => new List<JournalEntry>())];
        checkpoints = [.. Enumerable.Range(0, regions).Select(_ => Task.CompletedTask)];
        loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Makes or takes over a journal. A new one is written full once, so that later flushes find their blocks.</summary>
    /// <param name="folder">Folder of the journals; each process locks one of its own.</param>
    /// <param name="bytes">Size; at least two regions.</param>
    /// <param name="requireRoom">Asked before each region of a new one is written; throws when the disk has no room.</param>
    public static BlobJournal Open(string folder, long bytes, Action requireRoom)
    {
        Directory.CreateDirectory(folder);
        var regions = (int)Math.Max(2, bytes / Region);
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (TryLock(path) is not { } left) { continue; }
            if (RandomAccess.GetLength(left) == (long)regions * Region) { return new BlobJournal(left, regions); }
            left.Dispose();
            File.Delete(path);
        }
        requireRoom();
        var file = File.OpenHandle(Path.Combine(folder, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        var zeros = new byte[1 << 20];
        for (var at = 0L; at < (long)regions * Region; at += zeros.Length)
        {
            if (at % Region == 0) { requireRoom(); }
            RandomAccess.Write(file, zeros, at);
        }
        RandomAccess.FlushToDisk(file);
        DurableFile.FlushDirectory(folder);
        return new BlobJournal(file, regions);
    }

    /// <summary>
    /// Puts back every blob that a crashed process had promised and whose file is missing or not whole, then forgets the journal's content. Journals of
    /// living processes are left alone.
    /// </summary>
    public static void Recover(string folder, Func<string, string> pathOf, Action<string, byte[]> restore)
    {
        if (!Directory.Exists(folder)) { return; }
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var file = TryLock(path);
            if (file is null) { continue; }
            var regions = RandomAccess.GetLength(file) / Region;
            var paths = new HashSet<string>(StringComparer.Ordinal);
            for (var n = 0L; n < regions; n++)
            {
                foreach (var (digest, content) in Records(file, n * Region))
                {
                    if (!IsWhole(pathOf(digest), content.Length, digest)) { restore(digest, content); }
                    paths.Add(pathOf(digest));
                }
            }
            Flush(paths);
            for (var n = 0L; n < regions; n++) { RandomAccess.Write(file, new byte[Block], n * Region); }
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Begins to write the content, which must not change until the entry is flushed. The caller then names it, and afterwards says where the blob's file is.</summary>
    public JournalEntry Append(IReadOnlyList<ReadOnlyMemory<byte>> content, int length)
    {
        var entry = new JournalEntry(content, length);
        ObjectDisposedException.ThrowIf(!pending.Writer.TryWrite(entry), typeof(FolderBlobStore));
        return entry;
    }

    /// <summary>Flushes the files of all blobs and forgets them.</summary>
    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        await loop;
        await Task.WhenAll(checkpoints);
        await Checkpoint(region);
        file.Dispose();
    }

    private static SafeFileHandle? TryLock(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another process works with it, or has just removed it.
            return null;
        }
    }

    private static IEnumerable<(string Digest, byte[] Content)> Records(SafeFileHandle file, long start)
    {
        var block = new byte[Block];
        long? expected = null;
        for (var at = start; at + Block < start + Region;)
        {
            if (RandomAccess.Read(file, block, at) < Block || !block.AsSpan(0, Magic.Length).SequenceEqual(Magic)) { yield break; }
            var (generation, length) = (BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(16)));
            var isIntact = SHA256.HashData(block.AsSpan(0, HeaderLength - SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(block.AsSpan(HeaderLength - SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));
            if (!isIntact || (expected is { } same && generation != same) || length is < 0 or > LargestContent) { yield break; }
            expected = generation;
            var content = new byte[length];
            var digest = block.AsSpan(24, SHA256.HashSizeInBytes).ToArray();
            // A record whose content did not arrive was never acknowledged; nor were those of its flush, and none came later.
            if (RandomAccess.Read(file, content, at + Block) < length || !SHA256.HashData(content).AsSpan().SequenceEqual(digest)) { yield break; }
            yield return (Convert.ToHexStringLower(digest), content);
            at += Block + Padded((int)length);
        }
    }

    private static bool IsWhole(string path, int length, string digest)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != length) { return false; }
        using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == digest;
    }

    private static int Padded(int length) => (length + Block - 1) / Block * Block;

    private async Task Run()
    {
        var group = new List<(JournalEntry Entry, long At)>(LargestGroup);
        while (await pending.Reader.WaitToReadAsync())
        {
            group.Clear();
            try
            {
                while (group.Count < LargestGroup && pending.Reader.TryRead(out var entry))
                {
                    group.Add((entry, 0));
                    group[^1] = (entry, await Write(entry));
                }
                foreach (var (entry, at) in group) { WriteHeader(await entry.Named, entry.Length, at); }
                DurableFile.FlushData(file);
            }
            catch (Exception fault)
            {
                // The edge of the writer: whoever waits is told, and the next group is tried afresh in a new region.
                foreach (var (entry, _) in group) { entry.Fail(fault); }
                used = Region;
                continue;
            }
            foreach (var (entry, _) in group) { entry.Complete(); }
        }
    }

    /// <summary>Writes the content behind the place of its header and lets the disk begin with it.</summary>
    private async ValueTask<long> Write(JournalEntry entry)
    {
        var needed = Block + Padded(entry.Length);
        if (used + needed > Region) { await NextRegion(); }
        var at = ((long)region * Region) + used;
        RandomAccess.Write(file, entry.Content, at + Block);
        DurableFile.BeginWriting(file, at + Block, entry.Length);
        used += needed;
        entries[region].Add(entry);
        return at;
    }

    private void WriteHeader(string digest, int length, long at)
    {
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), generation);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), length);
        Convert.FromHexString(digest, header.AsSpan(24), out _, out _);
        SHA256.HashData(header.AsSpan(0, HeaderLength - SHA256.HashSizeInBytes), header.AsSpan(HeaderLength - SHA256.HashSizeInBytes));
        RandomAccess.Write(file, header, at);
    }

    /// <summary>Goes on in the next region once the files of its former blobs are flushed; those of this one are flushed meanwhile.</summary>
    private async Task NextRegion()
    {
        var full = region;
        checkpoints[full] = Task.Run(() => Checkpoint(full));
        region = (region + 1) % entries.Length;
        await checkpoints[region];
        (used, generation) = (0, generation + 1);
    }

    /// <summary>Flushes the files and folders of a region's blobs, then invalidates its first record.</summary>
    private async Task Checkpoint(int full)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries[full])
        {
            if (await entry.Placed is { } path) { paths.Add(path); }
        }
        Flush(paths);
        RandomAccess.Write(file, new byte[Block], (long)full * Region);
        entries[full].Clear();
    }

    /// <summary>The files, their folders, and the folder of those.</summary>
    private static void Flush(HashSet<string> paths)
    {
        foreach (var path in paths) { DurableFile.BeginWriting(path); }
        foreach (var path in paths) { DurableFile.Flush(path); }
        var folders = paths.Select(path => Path.GetDirectoryName(path)!).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in folders.Concat(folders.Select(folder => Path.GetDirectoryName(folder)!)).Distinct(StringComparer.Ordinal)) { DurableFile.FlushDirectory(folder); }
    }
}
