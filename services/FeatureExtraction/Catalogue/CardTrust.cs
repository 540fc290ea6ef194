using System.Security.Cryptography;
using BoneMet.Contracts.Encoders;

namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>
/// Which cards may be believed: those that were built into this assembly, byte for byte, and those that a trusted key has signed. The card
/// holds the digest of the ONNX file, which is checked when a session is opened.
/// </summary>
internal sealed class CardTrust(IReadOnlyList<ECDsa> trusted)
{
    private static readonly HashSet<string> Shipped = ReadShipped();

    /// <summary>Believes only what ships.</summary>
    public static CardTrust ShippedOnly { get; } = new([]);

    /// <summary>Why a card may not be believed, or null.</summary>
    public string? Fault(string path, byte[] card)
    {
        if (Shipped.Contains(Digest(card))) { return null; }
        var beside = CardSignature.PathFor(path);
        if (!File.Exists(beside)) { return "the card is not signed: an encoder without a signature is not loaded"; }
        try
        {
            return CardSignature.Read(File.ReadAllBytes(beside)).Holds(card, trusted) ? null : "the signature is not that of a trusted key over this card";
        }
        catch (FormatException exception)
        {
            return $"the signature cannot be read: {exception.Message}";
        }
    }

    private static HashSet<string> ReadShipped()
    {
        var assembly = typeof(CardTrust).Assembly;
        var digests = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".card.json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            digests.Add(Digest(bytes.ToArray()));
        }
        return digests;
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
