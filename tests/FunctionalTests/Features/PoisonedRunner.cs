using BoneMet.FeatureExtraction.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FunctionalTests.Features;

/// <summary>Fails, as ONNX Runtime fails, whenever one item of the batch is filled with <see cref="Poison"/>.</summary>
internal sealed class PoisonedRunner(InferenceSession session) : SessionRunner(session)
{
    public const byte Poison = 0x5A;

    public override void Run(BatchBuffers buffers, bool withMaps)
    {
        for (var item = 0; item < buffers.Size; item++)
        {
            if (buffers.Items(item, 1).ContainsAnyExcept(Poison)) { continue; }
            using var nothing = OrtValue.CreateTensorValueFromMemory(new float[1], [1]);
            using var options = new RunOptions();
            Session.Run(options, ["no-such-input"], [nothing], ["embedding"]);
        }
        base.Run(buffers, withMaps);
    }
}
