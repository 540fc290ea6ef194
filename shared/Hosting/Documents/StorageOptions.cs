using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

public sealed class StorageOptions
{
    public const string Section = "Storage";

    public DocumentStoreKind Documents { get; set; } = DocumentStoreKind.Sqlite;
    public BlobStoreKind Blobs { get; set; } = BlobStoreKind.Folder;

    /// <summary>Free space in MiB that must remain on the disk of the blobs; below it uploads are refused and the process is not ready.</summary>
    [Range(0, 1 << 20)] public int ReserveMiB { get; set; } = 256;

    /// <summary>Size in MiB of the journal through which a service that receives many small blobs makes them durable; 0: none, each is flushed by itself.</summary>
    [Range(0, 1 << 16)] public int JournalMiB { get; set; } = 512;

    /// <summary>Name of the MongoDB database.</summary>
    [Required, RegularExpression("^[a-zA-Z0-9_-]{1,60}$")] public string Database { get; set; } = "bonemet";
}
