using Microsoft.ML.OnnxRuntime;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>An ONNX Runtime session as the encoder uses it: one batch in its buffers.</summary>
internal class SessionRunner(InferenceSession session) : IDisposable
{
    private readonly RunOptions _options = new();

    public InferenceSession Session { get; } = session;

    /// <exception cref="OnnxRuntimeException">The execution provider failed.</exception>
    public virtual void Run(BatchBuffers buffers, bool withMaps) => buffers.Run(Session, _options, withMaps);

    public void Dispose()
    {
        _options.Dispose();
        Session.Dispose();
        GC.SuppressFinalize(this);
    }
}
