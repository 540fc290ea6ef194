using BoneMet.FeatureExtraction.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FunctionalTests.Features;

/// <summary>Computes as usual, and tells each batch before: a test can count, look at the input, or hold the batch up.</summary>
internal sealed class WatchedRunner(InferenceSession session, Action<BatchBuffers> before) : SessionRunner(session)
{
    public override void Run(BatchBuffers buffers, bool withMaps)
    {
        before(buffers);
        base.Run(buffers, withMaps);
    }

    public static SessionOpener Opener(Action<BatchBuffers> before) => (model, name, options, instead) =>
    {
        var (runner, decision) = SessionFactory.Open(model, name, options, instead);
        return (new WatchedRunner(runner.Session, before), decision);
    };
}
