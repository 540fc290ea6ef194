using System.Runtime.InteropServices;
using BoneMet.FeatureExtraction.Catalogue;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Pinned input and output memory of one batch size, bound once to ONNX Runtime values.</summary>
internal sealed class BatchBuffers : IDisposable
{
    public const string EmbeddingName = "embedding";
    public const string MapName = "map";
    private static readonly string[] Short = [EmbeddingName];
    private static readonly string[] Full = [EmbeddingName, MapName];

    private readonly EncoderCard _card;
    private readonly byte[]? _bytes;
    private readonly float[]? _floats;
    private readonly float[] _embeddings;
    private readonly OrtValue[] _input;
    private readonly OrtValue _embedding;
    private readonly string[] _inputNames;
    private float[]? _maps;
    private OrtValue? _map;

    public BatchBuffers(EncoderCard card, int size)
    {
        (_card, Size) = (card, size);
        if (card.Input.Kind == EncoderInput.Volume)
        {
            _floats = GC.AllocateArray<float>(size * card.Input.ItemLength, pinned: true);
            _input = [OrtValue.CreateTensorValueFromMemory(_floats, card.Input.Shape(size))];
        }
        else
        {
            _bytes = GC.AllocateArray<byte>(size * card.Input.ItemLength, pinned: true);
            _input = [OrtValue.CreateTensorValueFromMemory(_bytes, card.Input.Shape(size))];
        }
        _inputNames = [card.Input.Name];
        _embeddings = GC.AllocateArray<float>(size * card.Output.Embedding, pinned: true);
        _embedding = OrtValue.CreateTensorValueFromMemory(_embeddings, [size, card.Output.Embedding]);
    }

    public int Size { get; }

    public long Bytes => All().Length + (sizeof(float) * (long)_embeddings.Length);

    /// <summary>The memory of some items, to be written.</summary>
    public Span<byte> Items(int first, int count)
    {
        var bytes = _card.Input.ItemLength * (_bytes is null ? sizeof(float) : 1);
        return All().Slice(first * bytes, count * bytes);
    }

    /// <summary>Empties the rest of the batch.</summary>
    public void ClearFrom(int count) => Items(count, Size - count).Clear();

    public void Run(InferenceSession session, RunOptions options, bool withMaps)
    {
        if (!withMaps)
        {
            session.Run(options, _inputNames, _input, Short, [_embedding]);
            return;
        }
        if (_map is null)
        {
            _maps = GC.AllocateArray<float>(Size * _card.Output.MapLength, pinned: true);
            _map = OrtValue.CreateTensorValueFromMemory(_maps, [Size, .. _card.Output.Map.Select(side => (long)side)]);
        }
        session.Run(options, _inputNames, _input, Full, [_embedding, _map]);
    }

    public ReadOnlySpan<float> Embeddings(int first, int count) => _embeddings.AsSpan(first * _card.Output.Embedding, count * _card.Output.Embedding);

    public ReadOnlySpan<float> Maps(int count) => _maps.AsSpan(0, count * _card.Output.MapLength);

    public void Dispose()
    {
        _map?.Dispose();
        _embedding.Dispose();
        _input[0].Dispose();
    }

    private Span<byte> All() => _bytes is not null ? _bytes.AsSpan() : MemoryMarshal.AsBytes(_floats.AsSpan());
}
