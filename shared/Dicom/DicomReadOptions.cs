namespace BoneMet.Dicom;

/// <summary>How a file is read, and what is refused.</summary>
public sealed record DicomReadOptions
{
    public static DicomReadOptions Default { get; } = new();

    /// <summary>Values longer than this many bytes stay on disk when a file is opened by path.</summary>
    public int LargeValueLength { get; init; } = 64 * 1024;

    /// <summary>Sequences nested deeper than this are refused.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>A deflated data set may grow to this many bytes (by default 256 MiB and 100 times its length); more is refused as a bomb. Beyond 16 MiB it is inflated to a temporary file.</summary>
    public long? MaxInflatedLength { get; init; }

    /// <summary>
    /// When true, a fault in the structure ends reading: what came before is kept and the fault is in <see cref="DicomFile.Fault"/>.
    /// When false (default), it is thrown. A last value that the file cuts short is kept in either case when it is pixel data, and noted there.
    /// </summary>
    public bool KeepReadable { get; init; }

    /// <summary>Stops before this tag; the data set then ends there. For reading headers only.</summary>
    public DicomTag? StopBefore { get; init; }

    /// <summary>The character set of a sender that does not declare one, or declares a wrong one.</summary>
    public DicomCharacterSet? FallbackCharacterSet { get; init; }
}
