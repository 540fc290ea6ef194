using System.ComponentModel.DataAnnotations;

namespace BoneMet.FeatureExtraction.Inference;

internal sealed class InferenceOptions
{
    public const string Section = "Features:Inference";

    /// <summary>Folders with encoder cards beside those that ship with the service, separated by ';'.</summary>
    public string Folders { get; set; } = "";

    /// <summary>Id of the imaging encoder; empty: the best fit for the case's cancer type.</summary>
    public string ImagingEncoder { get; set; } = "";

    /// <summary>Id of the pathology encoder; empty: the best fit for the case's cancer type.</summary>
    public string PathologyEncoder { get; set; } = "";

    /// <summary>Execution provider asked for; what cannot be had falls back to the CPU, and that is recorded.</summary>
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Cpu;

    /// <summary>CPU threads of one session; 0: the machine's cores, four at most.</summary>
    [Range(0, 256)] public int Threads { get; set; }

    /// <summary>Largest batch for tiles; batches are padded to the powers of two up to it. Small on a CPU, whose caches a large one overflows; 32 suits a GPU.</summary>
    [Range(1, 256)] public int TileBatch { get; set; } = 4;

    /// <summary>Largest batch for lesion cubes.</summary>
    [Range(1, 64)] public int VolumeBatch { get; set; } = 4;

    /// <summary>How long a batch waits for company; 0: it takes what is already there, which is best on a CPU. A GPU gains from 1 to 5.</summary>
    [Range(0, 1000)] public double BatchDelayMilliseconds { get; set; }

    /// <summary>Tiles of a slide that are read: an even sample when there are more.</summary>
    [Range(1, 200_000)] public int TileLimit { get; set; } = 256;

    /// <summary>Cubes of a volume without mask and seed: an even sample when there are more.</summary>
    [Range(1, 1000)] public int CubeLimit { get; set; } = 27;

    /// <summary>A session unused for so long is unloaded.</summary>
    [Range(1, 86_400)] public int IdleSeconds { get; set; } = 300;

    /// <summary>Memory for encoders that are loaded, MiB, counted as twice their file and their buffers: beyond it, the one unused for longest is unloaded. One in use never is.</summary>
    [Range(1, 1_000_000)] public int MemoryMiB { get; set; } = 2048;

    /// <summary>Room for cached tile embeddings, MiB; 0: none are kept.</summary>
    [Range(0, 10_000_000)] public int TileCacheMiB { get; set; } = 2048;

    /// <summary>Cached tile embeddings unused for so many days are removed.</summary>
    [Range(1, 3650)] public int TileCacheDays { get; set; } = 90;

    /// <summary>Prove every encoder on its golden tensor, in the background, soon after start.</summary>
    public bool ProveAtStart { get; set; } = true;

    /// <summary>GPU memory that a session may take, MiB.</summary>
    [Range(64, 1_000_000)] public int GpuMemoryMiB { get; set; } = 4096;

    public int EffectiveThreads => Threads > 0 ? Threads : Math.Clamp(Environment.ProcessorCount, 1, 4);
}
