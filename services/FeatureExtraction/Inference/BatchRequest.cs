namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Some items that wait to be encoded together with others'.</summary>
internal sealed class BatchRequest(FillItems fill, int items, Memory<float> embeddings, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes the items' values, one after another.</summary>
    public FillItems Fill { get; } = fill;

    public int Items { get; } = items;

    /// <summary>Where their embeddings go.</summary>
    public Memory<float> Embeddings { get; } = embeddings;

    public Task Done => _done.Task;

    /// <summary>True when nobody waits for it any more; its task is then cancelled.</summary>
    public bool IsAbandoned()
    {
        if (!cancellation.IsCancellationRequested) { return false; }
        _done.TrySetCanceled(cancellation);
        return true;
    }

    public void Finish() => _done.TrySetResult();

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
