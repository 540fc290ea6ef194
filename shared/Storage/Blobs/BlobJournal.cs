using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace BoneMet.Storage.Blobs;

/// <summary>
/// A file of fixed size, written in a ring, that makes small blobs durable with one flush, shared by all that wait together. Its blocks exist beforehand, so
/// that a flush carries data and no file system metadata. A blob may bring a note. The blobs' own files are written and flushed later, region by region; until then, and
/// until its note is settled, a crash is repaired from here (<see cref="RestoreBlobs"/>, <see cref="SettleNotes"/>).
/// </summary>
/// <remarks>
/// A record is a block of header (magic, generation of its region, lengths of content and note, SHA-256 of the content, SHA-256 of the header), the content, and the note with its
/// SHA-256 behind it, each padded to whole blocks and written in one piece. The first block that is no header of the region's generation ends a region: an unfinished record was never acknowledged.
/// </remarks>
internal sealed class BlobJournal : IAsyncDisposable
{
    public const int LargestContent = Region / 4;

    /// <summary>Longest note that is kept, in bytes.</summary>
    public const int LargestNote = 64 * 1024;

    private const int Block = 4096;
    private const int Region = 32 << 20;
    private const int DigestAt = 32;
    private const int HeaderLength = DigestAt + (2 * SHA256.HashSizeInBytes);
    private const int LargestGroup = 64;
    private static readonly byte[] Magic = "BMJRNL02"u8.ToArray();
    private static readonly byte[] Zeros = new byte[Block];

    private readonly WorkQueue<JournalEntry> pending = new();
    private readonly SafeFileHandle file;
    private readonly BlobPlacer placer;
    private readonly List<JournalEntry>[] entries;
    private readonly Task[] checkpoints;
    private readonly byte[] header = new byte[Block];
    private readonly byte[] noteBlocks = new byte[Padded(LargestNote + SHA256.HashSizeInBytes)];
    private readonly Func<JournalEntry, string> pathOf;
    private readonly Thread thread;
    private int region;
    private int used;
    private long generation;
    private long number;

    private BlobJournal(SafeFileHandle file, int regions, Func<JournalEntry, string> pathOf, BlobPlacer placer)
    {
        (this.file, this.pathOf, this.placer, generation) = (file, pathOf, placer, DateTime.UtcNow.Ticks);
        entries = [.. Enumerable.Range(0, regions).Select(_ => new List<JournalEntry>())];
        checkpoints = [.. Enumerable.Range(0, regions).Select(_ => Task.CompletedTask)];
        // A thread of its own: it waits for the disk most of the time.
        thread = new Thread(Run) { IsBackground = true, Name = "blob journal" };
        thread.Start();
    }

    /// <summary>Makes or takes over a journal. A new one is written full once, so that later flushes find their blocks.</summary>
    /// <param name="folder">Folder of the journals; each process locks one of its own.</param>
    /// <param name="bytes">Size; at least two regions.</param>
    /// <param name="requireRoom">Asked before each region of a new one is written; throws when the disk has no room.</param>
    /// <param name="pathOf">Where a blob's own file will be.</param>
    /// <param name="placer">Gets each entry once it is flushed.</param>
    public static BlobJournal Open(string folder, long bytes, Action requireRoom, Func<JournalEntry, string> pathOf, BlobPlacer placer)
    {
        Directory.CreateDirectory(folder);
        var regions = (int)Math.Max(2, bytes / Region);
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (TryLock(path) is not { } left) { continue; }
            var isEmpty = RegionsOf(left).All(start => !Records(left, start).Any());
            if (isEmpty && RandomAccess.GetLength(left) == (long)regions * Region) { return new BlobJournal(left, regions, pathOf, placer); }
            left.Dispose();
            if (isEmpty) { File.Delete(path); }
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
        return new BlobJournal(file, regions, pathOf, placer);
    }

    /// <summary>
    /// Puts back every blob that a crashed process had promised and whose file is missing or not whole. A journal without notes is forgotten then; one with notes waits for
    /// <see cref="SettleNotes"/>. Journals of living processes are left alone.
    /// </summary>
    public static void RestoreBlobs(string folder, Func<string, string> pathOf, Action<string, byte[]> restore)
    {
        foreach (var file in Left(folder))
        {
            var paths = new HashSet<string>(StringComparer.Ordinal);
            var hasNotes = false;
            foreach (var (digest, content, note) in RegionsOf(file).SelectMany(start => Records(file, start)))
            {
                if (!IsWhole(pathOf(digest), content.Length, digest)) { restore(digest, content); }
                paths.Add(pathOf(digest));
                hasNotes |= note.Length > 0;
            }
            Flush(paths);
            if (!hasNotes) { Forget(file); }
        }
    }

    /// <summary>Blobs that lie in journals only, those of living processes too: for a backup, which reads them before it looks for files.</summary>
    public static IEnumerable<(string Digest, byte[] Content)> Unplaced(string folder, Func<string, string> pathOf)
    {
        if (!Directory.Exists(folder)) { yield break; }
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var file = DurableFile.OpenUnlocked(path);
            if (file is null) { continue; }
            foreach (var (digest, content, _) in RegionsOf(file).SelectMany(start => Records(file, start)))
            {
                if (!File.Exists(pathOf(digest))) { yield return (digest, content); }
            }
        }
    }

    /// <summary>Gives every note that a crashed process had promised to <paramref name="settle"/>, then forgets the journal it stood in.</summary>
    public static async Task SettleNotes(string folder, Func<ReadOnlyMemory<byte>, Task> settle)
    {
        foreach (var file in Left(folder))
        {
            foreach (var (_, _, note) in RegionsOf(file).SelectMany(start => Records(file, start)))
            {
                if (note.Length > 0) { await settle(note); }
            }
            Forget(file);
        }
    }

    /// <summary>Writes and flushes the entry; false when the journal has ended.</summary>
    public bool TryAppend(JournalEntry entry) => pending.TryAdd(entry);

    /// <summary>Takes nothing more, and writes and flushes what waits.</summary>
    public async Task Drain()
    {
        pending.Close();
        await Task.Run(thread.Join);
    }

    /// <summary>Flushes the files of all blobs, which must have been placed or given up, and forgets them; those whose notes are not settled are left for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (file.IsClosed) { return; }
        await Drain();
        await Task.WhenAll(checkpoints);
        await Task.Run(() => Checkpoint(region, mayWait: false));
        file.Dispose();
    }

    private static IEnumerable<SafeFileHandle> Left(string folder)
    {
        if (!Directory.Exists(folder)) { yield break; }
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var file = TryLock(path);
            if (file is not null) { yield return file; }
        }
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

    private static IEnumerable<long> RegionsOf(SafeFileHandle file)
    {
        for (var start = 0L; start + Region <= RandomAccess.GetLength(file); start += Region) { yield return start; }
    }

    private static void Forget(SafeFileHandle file)
    {
        foreach (var start in RegionsOf(file)) { RandomAccess.Write(file, new byte[Block], start); }
        RandomAccess.FlushToDisk(file);
    }

    private static IEnumerable<(string Digest, byte[] Content, byte[] Note)> Records(SafeFileHandle file, long start)
    {
        var block = new byte[Block];
        long? expected = null;
        for (var at = start; at + Block < start + Region;)
        {
            if (RandomAccess.Read(file, block, at) < Block || !block.AsSpan(0, Magic.Length).SequenceEqual(Magic)) { yield break; }
            var (generation, length, noteLength) = (Long(block, 8), Long(block, 16), Long(block, 24));
            var isIntact = SHA256.HashData(block.AsSpan(0, HeaderLength - SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(block.AsSpan(HeaderLength - SHA256.HashSizeInBytes, SHA256.HashSizeInBytes));
            if (!isIntact || (expected is { } same && generation != same) || length is < 0 or > LargestContent || noteLength is < 0 or > LargestNote) { yield break; }
            expected = generation;
            var content = new byte[length];
            var digest = block.AsSpan(DigestAt, SHA256.HashSizeInBytes).ToArray();
            // A record whose content did not arrive was never acknowledged; nor were those of its flush, and none came later.
            if (RandomAccess.Read(file, content, at + Block) < length || !SHA256.HashData(content).AsSpan().SequenceEqual(digest)) { yield break; }
            at += Block + Padded((int)length);
            var note = new byte[noteLength];
            if (noteLength > 0)
            {
                var noteDigest = new byte[SHA256.HashSizeInBytes];
                if (RandomAccess.Read(file, note, at) < noteLength || RandomAccess.Read(file, noteDigest, at + noteLength) < noteDigest.Length) { yield break; }
                if (!SHA256.HashData(note).AsSpan().SequenceEqual(noteDigest)) { yield break; }
                at += PaddedNote((int)noteLength);
            }
            yield return (Convert.ToHexStringLower(digest), content, note);
        }
    }

    private static long Long(byte[] block, int at) => BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(at));

    private static bool IsWhole(string path, int length, string digest)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != length) { return false; }
        using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == digest;
    }

    private static int Padded(int length) => (length + Block - 1) / Block * Block;

    private static int PaddedNote(int length) => length == 0 ? 0 : Padded(length + SHA256.HashSizeInBytes);

    private void Run()
    {
        var group = new List<JournalEntry>(LargestGroup);
        var places = new List<long>(LargestGroup);
        while (pending.Take(group, LargestGroup))
        {
            try
            {
                for (var n = 0; n < group.Count; n++)
                {
                    places.Add(Write(group[n]));
                    // Others may have come meanwhile: they share the flush.
                    if (n == group.Count - 1 && group.Count < LargestGroup && pending.TryTake(out var next)) { group.Add(next); }
                }
                DurableFile.FlushData(file);
                for (var n = 0; n < group.Count; n++)
                {
                    group[n].Complete(++number, file, places[n]);
                    placer.Add(group[n]);
                }
            }
            catch (Exception fault)
            {
                // The edge of the writer: whoever waits is told, and the next group is tried afresh in a new region.
                foreach (var entry in group) { entry.Fail(fault); }
                used = Region;
            }
            group.Clear();
            places.Clear();
        }
    }

    /// <summary>Returns where its content lies.</summary>
    private long Write(JournalEntry entry)
    {
        var note = entry.Note is { } told ? told.Text : default;
        var needed = Block + Padded(entry.Length) + PaddedNote(note.Length);
        if (used + needed > Region) { NextRegion(); }
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), generation);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), entry.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), note.Length);
        Convert.FromHexString(entry.Digest, header.AsSpan(DigestAt), out _, out _);
        SHA256.HashData(header.AsSpan(0, HeaderLength - SHA256.HashSizeInBytes), header.AsSpan(HeaderLength - SHA256.HashSizeInBytes));
        note.Span.CopyTo(noteBlocks);
        if (note.Length > 0) { SHA256.HashData(note.Span, noteBlocks.AsSpan(note.Length)); }
        ReadOnlyMemory<byte>[] record = [header, .. entry.Content, Zeros.AsMemory(0, Padded(entry.Length) - entry.Length), noteBlocks.AsMemory(0, PaddedNote(note.Length))];
        var at = ((long)region * Region) + used;
        RandomAccess.Write(file, record, at);
        used += needed;
        entries[region].Add(entry);
        return at + Block;
    }

    /// <summary>Goes on in the next region once the files of its former blobs are flushed; the files of those after it are asked for now.</summary>
    private void NextRegion()
    {
        var full = region;
        checkpoints[full] = Task.Factory.StartNew(() => Checkpoint(full, mayWait: true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        region = (region + 1) % entries.Length;
        if (entries[(region + 1) % entries.Length].LastOrDefault() is { } wanted) { placer.Demand(wanted.Number); }
        if (entries[region].LastOrDefault() is { } needed) { placer.Demand(needed.Number); }
        checkpoints[region].GetAwaiter().GetResult();
        (used, generation) = (0, generation + 1);
    }

    /// <summary>Flushes the files and folders of a region's blobs, then invalidates its first record.</summary>
    private void Checkpoint(int full, bool mayWait)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries[full])
        {
            Task.WaitAny(entry.Placed);
            if (entry.Placed.IsCompletedSuccessfully) { paths.Add(pathOf(entry)); }
            // Only at the end of the process: acknowledged, but the next start has to place it.
            else if (entry.Flushed.IsCompletedSuccessfully) { return; }
        }
        Flush(paths);
        foreach (var settled in entries[full].Select(entry => entry.Note?.Settled).OfType<Task>())
        {
            if (mayWait) { Task.WaitAny(settled); }
            // Only at the end of the process: the next start reads the note again.
            if (!settled.IsCompletedSuccessfully) { return; }
        }
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
