using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>The one place that chooses execution providers and sets sessions up.</summary>
internal static class SessionFactory
{
    public const string CpuName = "CPU";

    /// <summary>Opens a model with the provider asked for; when that cannot be had, on the CPU, and the decision says why.</summary>
    /// <exception cref="UnusableEncoderException">ONNX Runtime cannot read the model on the CPU either.</exception>
    public static (SessionRunner Runner, ProviderDecision Decision) Open(byte[] model, string name, InferenceOptions options, ExecutionProvider? instead = null)
    {
        string? fallback = null;
        if ((instead ?? options.Provider) != ExecutionProvider.Cpu)
        {
            try
            {
                using var gpu = Common(options);
                Append(gpu, options);
                return (new(new InferenceSession(model, gpu)), new(Name(options.Provider), null));
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
            {
                fallback = $"{Name(options.Provider)} was asked for but is not available here; the CPU computes instead ({FirstLine(exception.Message)})";
            }
        }
        try
        {
            using var cpu = Common(options);
            return (new(new InferenceSession(model, cpu)), new(CpuName, fallback));
        }
        catch (OnnxRuntimeException exception)
        {
            throw new UnusableEncoderException("encoder-corrupt", $"The encoder {name} cannot be read by ONNX Runtime.", exception);
        }
    }

    private static SessionOptions Common(InferenceOptions options)
    {
        var session = new SessionOptions
        {
            IntraOpNumThreads = options.EffectiveThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Idle worker threads sleep instead of spinning: other services share these cores.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return session;
    }

    private static void Append(SessionOptions session, InferenceOptions options)
    {
        var limit = ((long)options.GpuMemoryMiB * 1024 * 1024).ToString();
        if (options.Provider == ExecutionProvider.TensorRt)
        {
            using var tensorRt = new OrtTensorRTProviderOptions();
            tensorRt.UpdateOptions(new Dictionary<string, string> { ["device_id"] = "0", ["trt_max_workspace_size"] = limit });
            session.AppendExecutionProvider_Tensorrt(tensorRt);
        }
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = "0",
            ["gpu_mem_limit"] = limit,
            ["arena_extend_strategy"] = "kSameAsRequested",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["use_tf32"] = "0",
        });
        session.AppendExecutionProvider_CUDA(cuda);
    }

    private static string Name(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.TensorRt => "TensorRT",
        ExecutionProvider.Cuda => "CUDA",
        _ => CpuName,
    };

    internal static string FirstLine(string message)
    {
        var line = message.AsSpan();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) { line = line[..end]; }
        return line.Length > 200 ? string.Concat(line[..200], "…") : line.ToString();
    }
}
