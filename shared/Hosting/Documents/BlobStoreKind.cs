namespace BoneMet.Hosting;

public enum BlobStoreKind
{
    Folder,
    S3,
}
