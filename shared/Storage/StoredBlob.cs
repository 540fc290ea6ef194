namespace BoneMet.Storage;

/// <param name="Sha256">Name of the blob: 64 lower-case hex digits.</param>
/// <param name="Length">Size in bytes.</param>
public sealed record StoredBlob(string Sha256, long Length);
