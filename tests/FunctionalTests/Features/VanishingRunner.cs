using BoneMet.FeatureExtraction.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FunctionalTests.Features;

/// <summary>A provider that works for some batches and then fails as ONNX Runtime fails.</summary>
internal sealed class VanishingRunner(InferenceSession session, int batches) : SessionRunner(session)
{
    private int _left = batches;

    public override void Run(BatchBuffers buffers, bool withMaps)
    {
        if (_left-- > 0)
        {
            base.Run(buffers, withMaps);
            return;
        }
        using var nothing = OrtValue.CreateTensorValueFromMemory(new float[1], [1]);
        using var options = new RunOptions();
        Session.Run(options, ["no-such-input"], [nothing], ["embedding"]);
    }
}
