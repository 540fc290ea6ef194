using System.Security.Cryptography;
using System.Text.Json;

namespace BoneMet.Contracts.Encoders;

/// <summary>
/// The signature of an encoder's card, beside it as <c>ID.card.sig</c>. The card holds the SHA-256 of the ONNX file, so the signature covers the
/// whole package. ECDSA on P-256 with SHA-256 over the card's bytes.
/// </summary>
/// <param name="Algorithm">Always <see cref="Ecdsa"/>.</param>
/// <param name="Key">SHA-256 of the signer's public key (SubjectPublicKeyInfo), lower-case hex.</param>
/// <param name="Signature">The signature, base64.</param>
public sealed record CardSignature(string Algorithm, string Key, string Signature)
{
    public const string Ecdsa = "ECDSA-P256-SHA256";

    /// <summary>Where the signature of a card lies.</summary>
    public static string PathFor(string cardPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(cardPath);
        return Path.ChangeExtension(cardPath, ".sig");
    }

    /// <summary>Signs a card's bytes.</summary>
    public static CardSignature Sign(ReadOnlySpan<byte> card, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(Ecdsa, Fingerprint(key), Convert.ToBase64String(key.SignData(card, HashAlgorithmName.SHA256)));
    }

    /// <summary>Reads a signature file.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static CardSignature Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<CardSignature>(json, JsonSerializerOptions.Web) is { Algorithm: Ecdsa, Key.Length: 64, Signature: not null } signature
                ? signature
                : throw new FormatException($"a signature names its key and the algorithm {Ecdsa}");
        }
        catch (JsonException exception)
        {
            throw new FormatException("the signature is not JSON", exception);
        }
    }

    /// <summary>The signature file's bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <summary>True when one of the trusted keys made this signature over exactly these bytes.</summary>
    public bool Holds(ReadOnlySpan<byte> card, IEnumerable<ECDsa> trusted)
    {
        ArgumentNullException.ThrowIfNull(trusted);
        var signature = new byte[128];
        if (!Convert.TryFromBase64String(Signature, signature, out var length)) { return false; }
        foreach (var key in trusted)
        {
            if (Fingerprint(key) == Key && key.VerifyData(card, signature.AsSpan(0, length), HashAlgorithmName.SHA256)) { return true; }
        }
        return false;
    }

    /// <summary>SHA-256 of a public key, lower-case hex.</summary>
    public static string Fingerprint(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>The trusted public keys of a folder: every <c>*.pem</c> with an ECDSA P-256 public key.</summary>
    /// <exception cref="FormatException">A file is not such a key; it is named.</exception>
    public static IReadOnlyList<ECDsa> Trusted(string folder)
    {
        var keys = new List<ECDsa>();
        if (!Directory.Exists(folder)) { return keys; }
        foreach (var path in Directory.GetFiles(folder, "*.pem").Order(StringComparer.Ordinal))
        {
            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(File.ReadAllText(path));
                if (key.KeySize != 256) { throw new CryptographicException("the key is not on P-256"); }
                keys.Add(key);
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                key.Dispose();
                throw new FormatException($"{Path.GetFileName(path)} is not an ECDSA P-256 public key: {exception.Message}", exception);
            }
        }
        return keys;
    }
}
