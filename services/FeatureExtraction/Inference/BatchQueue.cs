using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>
/// Dynamic batching: requests of all cases and callers meet here, and leave in batches that the encoder takes well. A batch waits for company at
/// most the configured delay; interactive requests go first; a batch that fails is halved until the item at fault is alone.
/// </summary>
internal sealed class BatchQueue : IAsyncDisposable
{
    private const int Waiting = 256;
    private readonly EncoderSession _session;
    private readonly TimeSpan _delay;
    private readonly Channel<BatchRequest> _interactive = Channel.CreateBounded<BatchRequest>(Waiting);
    private readonly Channel<BatchRequest> _bulk = Channel.CreateBounded<BatchRequest>(Waiting);
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _work;
    private bool _closed;

    public BatchQueue(EncoderSession session, TimeSpan delay)
    {
        (_session, _delay) = (session, delay);
        _work = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Batches run since the start.</summary>
    public long Batches { get; private set; }

    /// <summary>Encodes items of the contract's shape; an item's result does not depend on its company.</summary>
    /// <exception cref="InvalidInputException">An input value is not finite.</exception>
    public async Task Encode<T>(ReadOnlyMemory<T> input, int items, Memory<float> embeddings, bool interactive, CancellationToken cancellation)
        where T : unmanaged
    {
        _session.CheckInput(input.Span, items);
        var (length, size) = (_session.Card.Input.ItemLength, _session.Card.Output.Embedding);
        ArgumentOutOfRangeException.ThrowIfNotEqual(embeddings.Length, items * size);
        var requests = new List<Task>();
        for (var done = 0; done < items;)
        {
            var count = Math.Min(items - done, _session.LargestBatch);
            var part = input.Slice(done * length, count * length);
            var request = new BatchRequest(target => MemoryMarshal.AsBytes(part.Span).CopyTo(target), count, embeddings.Slice(done * size, count * size), cancellation);
            await (interactive ? _interactive : _bulk).Writer.WriteAsync(request, cancellation);
            _arrived.Release();
            requests.Add(request.Done);
            done += count;
        }
        await Task.WhenAll(requests);
        _session.CheckOutput(embeddings.Span);
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _interactive.Writer.TryComplete();
        _bulk.Writer.TryComplete();
        _arrived.Release();
        await _work;
        _arrived.Dispose();
    }

    private void Work()
    {
        BatchRequest? left = null;
        var batch = new List<BatchRequest>();
        while (true)
        {
            if (left is null)
            {
                _arrived.Wait();
                left = Take();
                if (left is null)
                {
                    if (_closed) { return; }
                    continue;
                }
            }
            batch.Clear();
            batch.Add(left);
            left = Fill(batch);
            Run(batch);
        }
    }

    /// <summary>Adds what fits; returns the request that did not fit any more.</summary>
    private BatchRequest? Fill(List<BatchRequest> batch)
    {
        var items = batch[0].Items;
        var began = TimeProvider.System.GetTimestamp();
        while (items < _session.LargestBatch)
        {
            var patience = _delay - TimeProvider.System.GetElapsedTime(began);
            if (!_arrived.Wait(patience > TimeSpan.Zero ? patience : TimeSpan.Zero)) { return null; }
            if (Take() is not { } next) { return null; }
            if (items + next.Items > _session.LargestBatch) { return next; }
            batch.Add(next);
            items += next.Items;
        }
        return null;
    }

    private BatchRequest? Take()
    {
        while (_interactive.Reader.TryRead(out var request) || _bulk.Reader.TryRead(out request))
        {
            if (!request.IsAbandoned()) { return request; }
        }
        return null;
    }

    private void Run(List<BatchRequest> batch)
    {
        try
        {
            Batches++;
            var began = Stopwatch.GetTimestamp();
            _session.Encode(batch);
            InferenceMetrics.Batch(_session, batch.Sum(request => request.Items), began);
            foreach (var request in batch) { request.Finish(); }
        }
        catch (Exception exception) when (exception is OnnxRuntimeException && batch.Count > 1)
        {
            var half = batch.Count / 2;
            Run(batch[..half]);
            Run(batch[half..]);
        }
        catch (Exception exception)
        {
            // The worker is shared: the fault belongs to whoever waits, and the next batch must run.
            foreach (var request in batch) { request.Fail(exception); }
        }
    }
}
