namespace BoneMet.Storage.Blobs;

/// <summary>One blob on its way through the journal.</summary>
internal sealed class JournalEntry(IReadOnlyList<ReadOnlyMemory<byte>> content, int length)
{
    private readonly TaskCompletionSource<string> named = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource flushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> placed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<ReadOnlyMemory<byte>> Content { get; } = content;

    public int Length { get; } = length;

    /// <summary>The SHA-256, which is computed while the content is being written.</summary>
    public Task<string> Named => named.Task;

    /// <summary>The record is on the disk.</summary>
    public Task Flushed => flushed.Task;

    /// <summary>Path of the blob's own file, which the journal flushes later; null when there is none after all.</summary>
    public Task<string?> Placed => placed.Task;

    public void Name(string sha256) => named.TrySetResult(sha256);

    public void Place(string? path) => placed.TrySetResult(path);

    public void Complete() => flushed.TrySetResult();

    public void Fail(Exception fault) => flushed.TrySetException(fault);
}
