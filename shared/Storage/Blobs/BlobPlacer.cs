using System.Diagnostics;

namespace BoneMet.Storage.Blobs;

/// <summary>
/// Writes the blobs' own files behind the journal: under a temporary name, then renamed. What has a name is whole, or the journal can make it so. It works when somebody wants a blob, when
/// the journal needs its place back, when nothing has come for a while, or when the oldest has waited for some seconds: a burst is not slowed by writing everything twice at once. A file that cannot
/// be written is tried again until it can: the journal keeps what was acknowledged, and takes no more than its size.
/// </summary>
internal sealed class BlobPlacer : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly object gate = new();
    private readonly Queue<(JournalEntry Entry, long Came)> waiting = new();
    private readonly DirectFile direct = new(BlobJournal.LargestContent);
    private readonly string temporary;
    private readonly Func<string, string> pathOf;
    private readonly Thread thread;
    private HashSet<string> shards = new(StringComparer.Ordinal);
    private long demanded;
    private long lastCame;
    private bool isClosing;

    /// <param name="temporary">Folder of the temporary names, on the same file system.</param>
    /// <param name="pathOf">A blob's path by its digest.</param>
    public BlobPlacer(string temporary, Func<string, string> pathOf)
    {
        (this.temporary, this.pathOf) = (temporary, pathOf);
        thread = new Thread(Run) { IsBackground = true, Name = "blob files" };
        thread.Start();
    }

    /// <summary>Takes entries in the order of their numbers.</summary>
    public void Add(JournalEntry entry)
    {
        lock (gate)
        {
            lastCame = Stopwatch.GetTimestamp();
            waiting.Enqueue((entry, lastCame));
            if (waiting.Count == 1 || entry.Number <= demanded) { Monitor.Pulse(gate); }
        }
    }

    /// <summary>All entries up to this number are wanted now.</summary>
    public void Demand(long number)
    {
        lock (gate)
        {
            if (number <= demanded) { return; }
            demanded = number;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Places what waits; what cannot be placed at once is left to the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isClosing = true;
            Monitor.Pulse(gate);
        }
        await Task.Run(thread.Join);
        direct.Dispose();
    }

    private void Run()
    {
        while (Next() is { } entry)
        {
            while (!TryPlace(entry, out var fault))
            {
                if (!MayTryAgain())
                {
                    entry.Fail(fault);
                    break;
                }
            }
        }
    }

    private JournalEntry? Next()
    {
        lock (gate)
        {
            while (true)
            {
                if (waiting.TryPeek(out var first))
                {
                    var quiet = Stopwatch.GetElapsedTime(lastCame);
                    if (isClosing || first.Entry.Number <= demanded || quiet >= Idle || Stopwatch.GetElapsedTime(first.Came) >= LongestWait) { return waiting.Dequeue().Entry; }
                    Monitor.Wait(gate, Idle - quiet + TimeSpan.FromMilliseconds(1));
                }
                else if (isClosing) { return null; }
                else { Monitor.Wait(gate); }
            }
        }
    }

    private bool MayTryAgain()
    {
        lock (gate) { return !isClosing && (!Monitor.Wait(gate, Again) || !isClosing); }
    }

    private bool TryPlace(JournalEntry entry, out Exception fault)
    {
        fault = null!;
        var target = pathOf(entry.Digest);
        var path = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        try
        {
            if (!File.Exists(target))
            {
                using (var file = direct.Create(path))
                {
                    var content = direct.Buffer[..entry.Length];
                    entry.Read(content);
                    direct.Write(file, content.Length);
                    CrashPoint.Hit(CrashPoint.DuringBlobRename);
                    var shard = Path.GetDirectoryName(target)!;
                    if (shards.Add(shard)) { Directory.CreateDirectory(shard); }
                    Rename(path, target);
                }
            }
            entry.Place();
            return true;
        }
        catch (Exception unplaced) when (unplaced is IOException or UnauthorizedAccessException)
        {
            (fault, shards) = (unplaced, new HashSet<string>(StringComparer.Ordinal));
            File.Delete(path);
            return false;
        }
    }

    private static void Rename(string path, string target)
    {
        try
        {
            File.Move(path, target, overwrite: false);
        }
        catch (IOException) when (File.Exists(target))
        {
            // Somebody stored the same bytes at the same moment: theirs stay.
            File.Delete(path);
        }
    }
}
