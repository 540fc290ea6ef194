using System.Security.Cryptography;

namespace BoneMet.Storage.Blobs;

/// <summary>Content that lies in several pieces of memory, read as one.</summary>
internal static class BlobParts
{
    public static long Length(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var length = 0L;
        foreach (var part in parts) { length += part.Length; }
        return length;
    }

    public static string Sha256(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts) { hash.AppendData(part.Span); }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A blob that is durable only when it is in its place; so is what its note tells.</summary>
    public static PendingBlob Unjournaled(IReadOnlyList<ReadOnlyMemory<byte>> parts, Task put, Func<ComingBlob, BlobNote>? note)
    {
        var blob = new StoredBlob(Sha256(parts), Length(parts));
        return new PendingBlob(blob, note is null ? put : Task.WhenAll(put, note(new ComingBlob(blob, put, put, KeepsNotes: false)).Settled), put);
    }
}
