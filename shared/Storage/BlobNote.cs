namespace BoneMet.Storage;

/// <summary>What is to come back after a crash beside a blob, such as the row that names it (<see cref="IBlobStore.Recover"/>).</summary>
/// <param name="Text">A few kilobytes, in the caller's own format.</param>
/// <param name="Settled">Completes when what the note tells is durable elsewhere, so that it may be forgotten; it must not fault while the store is open and the blob is stored.</param>
public sealed record BlobNote(ReadOnlyMemory<byte> Text, Task Settled);
