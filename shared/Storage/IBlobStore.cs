namespace BoneMet.Storage;

/// <summary>
/// Bytes named by their SHA-256 (64 lower-case hex digits). Written to a temporary name, flushed, renamed; never overwritten.
/// Two implementations: a folder and S3.
/// </summary>
public interface IBlobStore
{
    /// <summary>Streams <paramref name="content"/> into the store; returns its name once it is durable. <paramref name="maxBytes"/> bounds it.</summary>
    Task<StoredBlob> Put(Stream content, long maxBytes = long.MaxValue, CancellationToken cancellation = default);

    /// <summary>
    /// Stores bytes that lie in memory; their name is known at once. The memory must not change before <see cref="PendingBlob.Durable"/> has completed.
    /// </summary>
    /// <param name="content">The blob, in pieces.</param>
    /// <param name="note">
    /// Called once the blob's name is known, before this returns: what is to be durable with the blob. A store that cannot keep notes waits for
    /// <see cref="BlobNote.Settled"/> instead.
    /// </param>
    PendingBlob Put(IReadOnlyList<ReadOnlyMemory<byte>> content, Func<ComingBlob, BlobNote>? note = null);

    /// <summary>
    /// Hands over the notes that a crash left unsettled, and forgets them once <paramref name="settle"/> has completed for all. Called at start by the
    /// one service that stores notes, before <see cref="Prepare"/>.
    /// </summary>
    Task Recover(Func<ReadOnlyMemory<byte>, Task> settle, CancellationToken cancellation = default);

    /// <summary>Gets ready for many small blobs in short time; called at start by a service that expects them. Without it they are stored just as well, only slower.</summary>
    Task Prepare(CancellationToken cancellation = default);

    /// <summary>Opens a blob for reading, seekable; null when there is none of that name.</summary>
    Task<Stream?> Open(string sha256, CancellationToken cancellation = default);

    /// <summary>A path on this machine that holds the blob, for libraries that need one; fetched to a cache when the store is remote.</summary>
    Task<string?> LocalPath(string sha256, CancellationToken cancellation = default);

    Task<bool> Exists(string sha256, CancellationToken cancellation = default);

    /// <summary>
    /// Removes a blob that can be computed again; without it, nothing happens. Only for what a cache put from a stream under a name that nothing else can have: the same
    /// bytes stored for another purpose would be the same blob.
    /// </summary>
    Task Delete(string sha256, CancellationToken cancellation = default);

    /// <summary>Reads the blob again and compares its digest with its name.</summary>
    Task<bool> Verify(string sha256, CancellationToken cancellation = default);
}
