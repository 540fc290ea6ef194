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
}
