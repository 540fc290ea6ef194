using Microsoft.Win32.SafeHandles;

namespace BoneMet.Storage.Blobs;

/// <summary>One blob on its way: written to the journal and flushed; later put in its place.</summary>
internal sealed class JournalEntry
{
    private readonly TaskCompletionSource flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource placed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<JournalEntry> ended;
    private SafeFileHandle? journal;
    private long at;

    /// <param name="content">The blob, in pieces that stay as they are until it is flushed.</param>
    /// <param name="length">Bytes of all pieces.</param>
    /// <param name="ended">Called when the entry is placed or has failed, before <see cref="Placed"/> tells.</param>
    public JournalEntry(IReadOnlyList<ReadOnlyMemory<byte>> content, int length, Action<JournalEntry> ended)
    {
        (Content, Length, this.ended) = (content, length, ended);
        Digest = BlobParts.Sha256(content);
    }

    public int Length { get; }

    public string Digest { get; }

    public BlobNote? Note { get; set; }

    /// <summary>Its place in the order of all entries, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Empty once it is flushed: then the journal has it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Content { get; private set; }

    /// <summary>The record is on the disk.</summary>
    public Task Flushed => flushed.Task;

    /// <summary>The blob's own file has its name; the journal flushes it later.</summary>
    public Task Placed => placed.Task;

    /// <summary>It is on the disk, at this place of the journal.</summary>
    public void Complete(long number, SafeFileHandle journal, long at)
    {
        (Number, this.journal, this.at) = (number, journal, at);
        Content = [];
        flushed.TrySetResult();
    }

    /// <summary>Reads the content from the journal, once it is there.</summary>
    public void Read(Span<byte> content)
    {
        if (RandomAccess.Read(journal!, content, at) < content.Length) { throw new EndOfStreamException("The journal is shorter than its records."); }
    }

    public void Place()
    {
        ended(this);
        placed.TrySetResult();
    }

    /// <summary>It was not stored.</summary>
    public void Fail(Exception fault)
    {
        Content = [];
        flushed.TrySetException(fault);
        ended(this);
        placed.TrySetException(fault);
        // Whoever asked is told by the one or the other.
        _ = (flushed.Task.Exception, placed.Task.Exception);
    }
}
