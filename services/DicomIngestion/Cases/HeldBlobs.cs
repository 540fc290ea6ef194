using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Cases;

internal static class HeldBlobs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Path of an instance's blob. If another process of the installation received it, its file may come some seconds after its row, once that process's journal puts it down.
    /// Null when it does not come.
    /// </summary>
    public static async Task<string?> PathOf(this IBlobStore blobs, HeldInstance held, CancellationToken cancellation)
    {
        for (var left = Patience; ; left -= Glance)
        {
            if (await blobs.LocalPath(held.Blob, cancellation) is { } path) { return path; }
            if (left <= TimeSpan.Zero) { return null; }
            await Task.Delay(Glance, cancellation);
        }
    }
}
