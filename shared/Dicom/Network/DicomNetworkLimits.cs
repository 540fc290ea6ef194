namespace BoneMet.Dicom.Network;

/// <summary>Limits of one association, for either side.</summary>
public sealed record DicomNetworkLimits
{
    /// <summary>Largest P-DATA-TF that we take, in bytes.</summary>
    public int MaxPduLength { get; init; } = 256 * 1024;

    /// <summary>Time in which the peer must send (or take) something.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for the association request and for its answer (ARTIM).</summary>
    public TimeSpan Associate { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Objects up to this size are received in memory, larger ones in a file.</summary>
    public int MemoryPerObject { get; init; } = 4 << 20;

    /// <summary>Largest object that is taken, in bytes.</summary>
    public long MaxObjectLength { get; init; } = 16L << 30;

    /// <summary>Largest data set of a query or an action, in bytes.</summary>
    public long MaxIdentifierLength { get; init; } = 16L << 20;

    /// <summary>Names a new temporary file.</summary>
    public Func<string> NewTemporaryPath { get; init; } = () => Path.Combine(Path.GetTempPath(), $"bonemet-{Guid.NewGuid():N}");
}
