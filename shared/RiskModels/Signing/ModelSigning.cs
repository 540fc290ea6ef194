using System.Security.Cryptography;
using NSec.Cryptography;

namespace BoneMet.RiskModels;

/// <summary>Ed25519 signatures over a model's canonical form (RFC 8785, without the signature).</summary>
public static class ModelSigning
{
    private const int SeedBytes = 32;
    private static readonly SignatureAlgorithm Algorithm = SignatureAlgorithm.Ed25519;

    /// <summary>A new private key: 32 random bytes (RFC 8032's seed).</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(SeedBytes);

    /// <summary>The public key of a private one.</summary>
    /// <exception cref="CryptographicException">The key is not 32 bytes.</exception>
    public static byte[] PublicKey(ReadOnlySpan<byte> key)
    {
        using var pair = Import(key);
        return pair.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>Short name of a public key: the first 16 hexadecimal digits of its SHA-256.</summary>
    public static string KeyId(ReadOnlySpan<byte> publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..16];

    /// <summary>The model with a signature by <paramref name="key"/>; an earlier one is replaced.</summary>
    public static RiskModel Sign(RiskModel model, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var pair = Import(key);
        var publicKey = pair.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        return model with
        {
            Signature = new() { KeyId = KeyId(publicKey), PublicKey = Convert.ToBase64String(publicKey), Value = Convert.ToBase64String(Algorithm.Sign(pair, ModelFile.Canonical(model))) },
        };
    }

    /// <summary>Checks the signature against the document and the keys that are trusted (raw public keys).</summary>
    public static SignatureState Verify(RiskModel model, IEnumerable<byte[]>? trusted = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Signature is not { } signature) { return SignatureState.Absent; }

        var keyBytes = new byte[SeedBytes];
        var value = new byte[Algorithm.SignatureSize];
        if (!Convert.TryFromBase64String(signature.PublicKey, keyBytes, out var keyLength) || keyLength != keyBytes.Length
            || !Convert.TryFromBase64String(signature.Value, value, out var valueLength) || valueLength != value.Length
            || KeyId(keyBytes) != signature.KeyId
            || !NSec.Cryptography.PublicKey.TryImport(Algorithm, keyBytes, KeyBlobFormat.RawPublicKey, out var publicKey)
            || !Algorithm.Verify(publicKey!, ModelFile.Canonical(model), value))
        {
            return SignatureState.Tampered;
        }
        return trusted is not null && trusted.Any(known => known.AsSpan().SequenceEqual(keyBytes)) ? SignatureState.Trusted : SignatureState.UnknownKey;
    }

    private static Key Import(ReadOnlySpan<byte> key)
    {
        if (key.Length != SeedBytes) { throw new CryptographicException($"An Ed25519 private key has {SeedBytes} bytes, not {key.Length}."); }
        return Key.Import(Algorithm, key, KeyBlobFormat.RawPrivateKey);
    }
}
