namespace BoneMet.Storage;

/// <param name="Blob">The blob as it will be called; a row that names it may be flushed beside it.</param>
/// <param name="Durable">Completes when the blob is on the disk and can be opened; faults when it could not be stored.</param>
public sealed record PendingBlob(StoredBlob Blob, Task Durable);
