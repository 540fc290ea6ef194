namespace BoneMet.Storage;

/// <summary>A blob whose name is known and that is about to be stored.</summary>
/// <param name="Blob">What it will be called.</param>
/// <param name="Stored">Completes when it is durable, whatever becomes of its note; faults when it could not be stored.</param>
/// <param name="Placed">Completes when every process that shares the store finds it; faults as well.</param>
/// <param name="KeepsNotes">A note is kept with it; otherwise whoever stores it waits for the note to be settled.</param>
public sealed record ComingBlob(StoredBlob Blob, Task Stored, Task Placed, bool KeepsNotes);
