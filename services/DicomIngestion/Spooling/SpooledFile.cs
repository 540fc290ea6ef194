namespace BoneMet.DicomIngestion.Spooling;

/// <summary>A received item in a temporary file, removed when disposed.</summary>
/// <param name="Name">What the sender calls it; for messages only, never part of a path.</param>
/// <param name="Path">The temporary file.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="Sha256">Digest of its bytes, lower-case hex.</param>
internal sealed record SpooledFile(string Name, string Path, long Length, string Sha256) : IDisposable
{
    public void Dispose() => File.Delete(Path);
}
