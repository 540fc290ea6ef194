namespace BoneMet.Storage;

/// <param name="Blob">The blob as it will be called.</param>
/// <param name="Durable">Completes when the blob, and the note it was stored with, survive a crash; faults when it could not be stored.</param>
/// <param name="Placed">
/// Completes, perhaps much later, when every process that shares the store finds the blob. This process finds it from the start: whoever asks for it (<see cref="IBlobStore.Exists"/> too) lets it be placed
/// at once and waits for that.
/// </param>
/// <param name="KeepsNote">The store keeps the note itself; otherwise <paramref name="Durable"/> waits until it is settled.</param>
public sealed record PendingBlob(StoredBlob Blob, Task Durable, Task Placed, bool KeepsNote = false);
