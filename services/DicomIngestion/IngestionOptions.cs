using System.ComponentModel.DataAnnotations;

namespace BoneMet.DicomIngestion;

/// <summary>Limits and habits of the ingestion, the same for HTTP and DIMSE.</summary>
internal sealed class IngestionOptions
{
    public const string Section = "Ingestion";

    /// <summary>Folder of files that are being received; by default <c>spool</c> below Data:Folder. Emptied at start.</summary>
    public string? SpoolFolder { get; set; }

    /// <summary>Largest request body, in MiB.</summary>
    [Range(1, 1 << 20)] public int MaxUploadMiB { get; set; } = 64 << 10;

    /// <summary>Largest sum of the unpacked items of one upload, in MiB.</summary>
    [Range(1, 1 << 20)] public int MaxUnpackedMiB { get; set; } = 64 << 10;

    /// <summary>Most items in one upload.</summary>
    [Range(1, 1_000_000)] public int MaxItems { get; set; } = 20_000;

    /// <summary>An archive that unpacks to more than this many times its size is refused as a bomb, once it has passed 64 MiB.</summary>
    [Range(10, 10_000)] public int MaxUnpackRatio { get; set; } = 100;

    /// <summary>A series that nobody declared complete counts as complete after this time without a new instance.</summary>
    [Range(1, 86_400)] public int QuietSeconds { get; set; } = 20;

    /// <summary>Free space in MiB on the spool's disk below which nothing more is accepted.</summary>
    [Range(0, 1 << 20)] public int WatermarkMiB { get; set; } = 512;

    /// <summary>Character set (a defined term of PS3.3 C.12.1.1.2, such as GB18030) of senders that declare none.</summary>
    public string? FallbackCharacterSet { get; set; }

    /// <summary>File of the secret for pseudonyms, 32 bytes or more; by default <c>deidentification.key</c> below Data:Folder, made at first start.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Objects whose pixels may show identity (secondary capture, ultrasound, documents) are not stored unless this is false.</summary>
    public bool HoldBackRiskyPixels { get; set; } = true;
}
