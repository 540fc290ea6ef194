using System.Diagnostics.CodeAnalysis;

namespace BoneMet.Storage.Blobs;

internal static class BlobName
{
    public const int Length = 64;

    /// <summary>Only a SHA-256 in lower-case hex names a blob; nothing else ever becomes part of a path or key.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name) => name is { Length: Length } && name.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
