using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FeatureExtraction.Fuse;

/// <summary>A fusion in ONNX Runtime, opened only when its file is the one its card names and its golden output comes out. A few thousand weights: always on the CPU.</summary>
internal sealed class FusionSession : IDisposable
{
    private const int Labels = 3;
    private static readonly string[] Outputs = ["logits", "gates"];
    private readonly SessionRunner _runner;
    private readonly int _head;
    private readonly int _heads;

    private FusionSession(EncoderCard card, SessionRunner runner, IReadOnlyList<string> cancerTypes, string cancerType)
    {
        (Card, _runner, _heads) = (card, runner, cancerTypes.Count);
        _head = Math.Max(0, cancerTypes.ToList().IndexOf(cancerType));
    }

    public EncoderCard Card { get; }

    /// <exception cref="UnusableEncoderException">The package must not be used; the message says why.</exception>
    public static FusionSession Open(EncoderPackage package, InferenceOptions options, string cancerType)
    {
        var card = package.Card;
        byte[] model;
        try
        {
            model = File.ReadAllBytes(package.ModelPath);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnusableEncoderException("encoder-missing", $"The fusion {card.Id} has no file {card.File}.", exception);
        }
        if (Convert.ToHexStringLower(SHA256.HashData(model)) != card.Sha256)
        {
            throw new UnusableEncoderException("encoder-altered", $"The file {card.File} of fusion {card.Id} is not the one that its card names; it is not loaded.");
        }
        var (runner, _) = SessionFactory.Open(model, card.Id, options, ExecutionProvider.Cpu);
        try
        {
            var types = runner.Session.ModelMetadata.CustomMetadataMap.TryGetValue("bonemet.cancer-types", out var text) ? JsonSerializer.Deserialize<string[]>(text) ?? [] : [];
            var session = new FusionSession(card, runner, types, cancerType);
            session.Prove();
            return session;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or JsonException)
        {
            runner.Dispose();
            throw new UnusableEncoderException("encoder-corrupt", $"The fusion {card.Id} does not fit its card.", exception);
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    /// <summary>The fused label of both modalities, and what it would be without each.</summary>
    public FusionResult Fuse(ReadOnlySpan<float> imaging, ReadOnlySpan<float> pathology)
    {
        const int Rows = 3;
        var size = Card.Input.Size;
        var (first, second) = (new float[Rows * size], new float[Rows * size]);
        for (var row = 0; row < Rows; row++)
        {
            imaging.CopyTo(first.AsSpan(row * size));
            pathology.CopyTo(second.AsSpan(row * size));
        }
        var (logits, gates) = Run(first, second, [1, 1, 0, 1, 1, 0], Rows);
        double Fused(int row) => logits[(((row * _heads) + _head) * Labels) + Labels - 1];
        return new(Fused(0), WithoutImaging: Fused(1), WithoutPathology: Fused(2), gates[0], gates[1]);
    }

    public void Dispose() => _runner.Dispose();

    /// <summary>Logits (rows × cancer types × imaging, pathology, fused) and gates (rows × 2).</summary>
    internal (float[] Logits, float[] Gates) Run(float[] imaging, float[] pathology, float[] present, int rows)
    {
        using var first = OrtValue.CreateTensorValueFromMemory(imaging, [rows, Card.Input.Size]);
        using var second = OrtValue.CreateTensorValueFromMemory(pathology, [rows, Card.Input.Size]);
        using var there = OrtValue.CreateTensorValueFromMemory(present, [rows, 2]);
        using var options = new RunOptions();
        using var results = _runner.Session.Run(options, new Dictionary<string, OrtValue> { ["imaging"] = first, ["pathology"] = second, ["present"] = there }, Outputs);
        return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[1].GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>The golden items: both modalities, and imaging alone.</summary>
    private void Prove()
    {
        var (golden, size) = (Card.Golden, Card.Input.Size);
        var words = GoldenInput.Floats(golden.Items * 2 * size, golden.Seed);
        var (imaging, pathology, present) = (new float[golden.Items * size], new float[golden.Items * size], new float[golden.Items * 2]);
        for (var item = 0; item < golden.Items; item++)
        {
            words.AsSpan(item * 2 * size, size).CopyTo(imaging.AsSpan(item * size));
            words.AsSpan((item * 2 * size) + size, size).CopyTo(pathology.AsSpan(item * size));
            (present[2 * item], present[(2 * item) + 1]) = (1, item == 0 ? 1 : 0);
        }
        var (expected, actual) = (EncoderSession.Floats(golden.Output), Run(imaging, pathology, present, golden.Items).Logits);
        if (expected.Length != actual.Length) { throw Unproven($"its golden output has {expected.Length} values instead of {actual.Length}"); }
        var largest = 0.0;
        for (var i = 0; i < actual.Length; i++) { largest = Math.Max(largest, Math.Abs((double)actual[i] - expected[i])); }
        if (!(largest <= golden.Tolerance)) { throw Unproven($"its output on the golden tensor is off by {largest:E1}, more than {golden.Tolerance:E1}"); }
    }

    private UnusableEncoderException Unproven(string reason) => new("encoder-unproven", $"The fusion {Card.Id} is not used: {reason}.");
}
