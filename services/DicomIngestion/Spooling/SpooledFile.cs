namespace BoneMet.DicomIngestion.Spooling;

/// <summary>A received item in a temporary file, removed when disposed.</summary>
/// <param name="Name">What the sender calls it; for messages only, never part of a path.</param>
/// <param name="Path">The temporary file.</param>
/// <param name="Length">Size in bytes.</param>
internal sealed record SpooledFile(string Name, string Path, long Length) : IDisposable
{
    public void Dispose() => File.Delete(Path);
}
