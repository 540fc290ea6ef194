using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BoneMet.FeatureExtraction.Catalogue;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>
/// One loaded and proven encoder. Batches are padded to fixed buckets, and input and output buffers are allocated once per bucket, so that
/// ragged work leaves memory flat. One batch runs at a time; the threads are inside the session.
/// </summary>
internal sealed class EncoderSession : IDisposable
{
    private readonly byte[] _model;
    private readonly InferenceOptions _options;
    private SessionRunner _runner;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, BatchBuffers> _buffers = [];
    private readonly int[] _buckets;
    private long _bufferBytes;
    private bool _disposed;

    private EncoderSession(EncoderCard card, byte[] model, InferenceOptions options, SessionRunner runner, ProviderDecision decision)
    {
        (Card, _model, _options, _runner, Decision) = (card, model, options, runner, decision);
        var largestBatch = card.Input.Kind == EncoderInput.Volume ? options.VolumeBatch : options.TileBatch;
        var buckets = new List<int>();
        for (var bucket = 1; bucket < largestBatch; bucket *= 2) { buckets.Add(bucket); }
        _buckets = [.. buckets, largestBatch];
        Metadata = ReadMetadata(card, runner.Session);
    }

    public EncoderCard Card { get; }

    /// <summary>What computes; changes to the CPU when a GPU fails in the middle of its work.</summary>
    public ProviderDecision Decision { get; private set; }

    public EncoderMetadata Metadata { get; }

    /// <summary>Digest of what computes the embeddings, whatever the heads beside it.</summary>
    public string GraphSha256 => field ??= GraphDigest.Of(_model);

    /// <summary>What the session holds: the file here and in ONNX Runtime, and the buffers. Activations come and go with each batch.</summary>
    public long Bytes => (2L * _model.Length) + Interlocked.Read(ref _bufferBytes);

    public int LargestBatch => _buckets[^1];

    /// <summary>Largest difference from the golden output, found when the session was opened.</summary>
    public double GoldenDifference { get; private set; } = double.NaN;

    /// <summary>Opens an encoder: digest first, then ONNX Runtime, then the golden tensor.</summary>
    /// <exception cref="UnusableEncoderException">The file is missing, altered, corrupt, or does not compute what its card says.</exception>
    public static EncoderSession Open(EncoderPackage package, InferenceOptions options) => Open(package, options, SessionFactory.Open);

    /// <summary>The same with another way of opening sessions.</summary>
    internal static EncoderSession Open(EncoderPackage package, InferenceOptions options, SessionOpener open)
    {
        var card = package.Card;
        byte[] model;
        try
        {
            model = File.ReadAllBytes(package.ModelPath);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnusableEncoderException("encoder-missing", $"The encoder {card.Id} has no file {card.File}.", exception);
        }
        var digest = Convert.ToHexStringLower(SHA256.HashData(model));
        if (digest != card.Sha256)
        {
            throw new UnusableEncoderException("encoder-altered", $"The file {card.File} of encoder {card.Id} has SHA-256 {digest}, but its card says {card.Sha256}; it is not loaded.");
        }

        var (runner, decision) = open(model, card.Id, options, null);
        if (decision.Fallback is not null) { InferenceMetrics.FellBack(card.Id, options.Provider.ToString(), "start"); }
        EncoderSession? session = null;
        try
        {
            CheckSignature(card, runner.Session);
            session = new(card, model, options, runner, decision);
            session.Prove();
            return session;
        }
        catch
        {
            if (session is null) { runner.Dispose(); } else { session.Dispose(); }
            throw;
        }
    }

    /// <summary>The head for a cancer type: its own before the one for any; null when there is neither.</summary>
    public BagHead? Head(string cancerType) =>
        Metadata.Heads.FirstOrDefault(head => head.CancerType == cancerType) ?? Metadata.Heads.FirstOrDefault(head => head.CancerType == "*");

    /// <summary>
    /// Encodes <paramref name="items"/> items of the contract's shape, one after another in <paramref name="input"/>, into embeddings (items × D) and,
    /// when wanted, feature maps. The result of an item does not depend on the others.
    /// </summary>
    /// <exception cref="InvalidInputException">An input value is not finite.</exception>
    public void Encode<T>(ReadOnlySpan<T> input, int items, Span<float> embeddings, Span<float> maps = default)
        where T : unmanaged
    {
        CheckInput(input, items);
        var length = Card.Input.ItemLength;
        ArgumentOutOfRangeException.ThrowIfNotEqual(embeddings.Length, items * Card.Output.Embedding);
        if (!maps.IsEmpty) { ArgumentOutOfRangeException.ThrowIfNotEqual(maps.Length, items * Card.Output.MapLength); }
        for (var done = 0; done < items;)
        {
            var count = Math.Min(items - done, LargestBatch);
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                var buffers = BuffersFor(count);
                MemoryMarshal.AsBytes(input.Slice(done * length, count * length)).CopyTo(buffers.Items(0, count));
                buffers.ClearFrom(count);
                Run(buffers, !maps.IsEmpty);
                buffers.Embeddings(0, count).CopyTo(embeddings[(done * Card.Output.Embedding)..]);
                if (!maps.IsEmpty) { buffers.Maps(count).CopyTo(maps[(done * Card.Output.MapLength)..]); }
            }
            done += count;
        }
        CheckOutput(embeddings);
    }

    /// <summary>Encodes requests that fit one batch together; inputs and outputs are checked by whoever made them.</summary>
    public void Encode(IReadOnlyList<BatchRequest> requests)
    {
        var total = 0;
        foreach (var request in requests) { total += request.Items; }
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var buffers = BuffersFor(total);
            var at = 0;
            foreach (var request in requests)
            {
                request.Fill(buffers.Items(at, request.Items));
                at += request.Items;
            }
            buffers.ClearFrom(total);
            Run(buffers, withMaps: false);
            at = 0;
            foreach (var request in requests)
            {
                buffers.Embeddings(at, request.Items).CopyTo(request.Embeddings.Span);
                at += request.Items;
            }
        }
    }

    /// <exception cref="InvalidInputException">An input value is not finite.</exception>
    public void CheckInput<T>(ReadOnlySpan<T> input, int items)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Length, items * Card.Input.ItemLength);
        if (typeof(T) == typeof(float) && !AllFinite(MemoryMarshal.Cast<T, float>(input)))
        {
            throw new InvalidInputException("not-finite-input", "The image holds values that are not numbers, so no label can be computed.");
        }
    }

    /// <exception cref="InvalidInputException">An embedding is not finite.</exception>
    public void CheckOutput(ReadOnlySpan<float> embeddings)
    {
        if (!AllFinite(embeddings)) { throw new InvalidInputException("not-finite-output", $"The encoder {Card.Id} gives no finite embedding for this input."); }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) { return; }
            _disposed = true;
            foreach (var buffers in _buffers.Values) { buffers.Dispose(); }
            _runner.Dispose();
        }
    }

    /// <summary>One batch; when a GPU fails under it, the same batch again on the CPU, and from then on.</summary>
    private void Run(BatchBuffers buffers, bool withMaps)
    {
        try
        {
            _runner.Run(buffers, withMaps);
        }
        catch (OnnxRuntimeException exception) when (Decision.Provider != SessionFactory.CpuName)
        {
            InferenceMetrics.FellBack(Card.Id, Decision.Provider, "batch");
            var (cpu, _) = SessionFactory.Open(_model, Card.Id, _options, ExecutionProvider.Cpu);
            _runner.Dispose();
            _runner = cpu;
            Decision = new(SessionFactory.CpuName, $"{Decision.Provider} failed in the middle of its work; the CPU computes instead ({SessionFactory.FirstLine(exception.Message)})");
            _runner.Run(buffers, withMaps);
        }
    }

    private BatchBuffers BuffersFor(int count)
    {
        var bucket = _buckets.First(size => size >= count);
        if (!_buffers.TryGetValue(bucket, out var buffers))
        {
            _buffers[bucket] = buffers = new(Card, bucket);
            Interlocked.Add(ref _bufferBytes, buffers.Bytes);
        }
        return buffers;
    }

    private void Prove()
    {
        var golden = Card.Golden;
        var expected = Floats(golden.Output);
        var actual = new float[golden.Items * Card.Output.Embedding];
        if (expected.Length != actual.Length) { throw Unproven($"its golden output has {expected.Length} values instead of {actual.Length}"); }

        string digest;
        try
        {
            if (Card.Input.Kind == EncoderInput.Volume)
            {
                var input = GoldenInput.Volume(Card.Input, golden.Items, golden.Seed);
                digest = Digest<float>(input);
                Encode<float>(input, golden.Items, actual);
            }
            else
            {
                var input = GoldenInput.Tiles(Card.Input, golden.Items, golden.Seed);
                digest = Digest<byte>(input);
                Encode<byte>(input, golden.Items, actual);
            }
        }
        catch (OnnxRuntimeException exception)
        {
            throw new UnusableEncoderException("encoder-unproven", $"The encoder {Card.Id} fails on its golden tensor.", exception);
        }
        if (digest != golden.InputSha256) { throw Unproven("the golden input made here is not the one its card names"); }

        var largest = 0.0;
        for (var i = 0; i < actual.Length; i++) { largest = Math.Max(largest, Math.Abs((double)actual[i] - expected[i])); }
        if (!(largest <= golden.Tolerance)) { throw Unproven($"its output on the golden tensor is off by {largest:E1}, more than {golden.Tolerance:E1}"); }
        GoldenDifference = largest;
    }

    private UnusableEncoderException Unproven(string reason) => new("encoder-unproven", $"The encoder {Card.Id} is not used: {reason}.");

    /// <summary>The largest magnitude is finite exactly when all values are: NaN and infinity carry through.</summary>
    private static bool AllFinite(ReadOnlySpan<float> values) => values.IsEmpty || float.IsFinite(TensorPrimitives.MaxMagnitude(values));

    private static void CheckSignature(EncoderCard card, InferenceSession session)
    {
        if (!session.InputMetadata.TryGetValue(card.Input.Name, out var input)) { throw Wrong($"it has no input named '{card.Input.Name}'"); }
        if (session.InputMetadata.Count != 1) { throw Wrong($"it has {session.InputMetadata.Count} inputs instead of one"); }
        var type = card.Input.Kind == EncoderInput.Volume ? typeof(float) : typeof(byte);
        if (input.ElementType != type) { throw Wrong($"its input holds {input.ElementType.Name}, not {type.Name}"); }
        if (!input.Dimensions.Skip(1).Select(side => (long)side).SequenceEqual(card.Input.Shape(1).Skip(1))) { throw Wrong($"its input has shape [{string.Join(", ", input.Dimensions)}]"); }
        CheckOutput(BatchBuffers.EmbeddingName, [card.Output.Embedding]);
        CheckOutput(BatchBuffers.MapName, card.Output.Map);

        void CheckOutput(string name, IReadOnlyList<int> shape)
        {
            if (!session.OutputMetadata.TryGetValue(name, out var output)) { throw Wrong($"it has no output named '{name}'"); }
            if (!output.Dimensions.Skip(1).SequenceEqual(shape)) { throw Wrong($"its output '{name}' has shape [{string.Join(", ", output.Dimensions)}]"); }
        }

        UnusableEncoderException Wrong(string reason) => new("encoder-corrupt", $"The encoder {card.Id} does not fit its card: {reason}.");
    }

    private static EncoderMetadata ReadMetadata(EncoderCard card, InferenceSession session)
    {
        try
        {
            return EncoderMetadata.Read(session.ModelMetadata.CustomMetadataMap, card.Output.Map[0], card.Output.Embedding);
        }
        catch (FormatException exception)
        {
            throw new UnusableEncoderException("encoder-corrupt", $"What the encoder {card.Id} carries beside its graph cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Float32, little endian, base64.</summary>
    internal static float[] Floats(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        if (bytes.Length % sizeof(float) != 0) { throw new FormatException("The number of bytes is not a multiple of four."); }
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private static string Digest<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));
}
