using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace BoneMet.Hosting;

/// <summary>The public keys of a client by their <c>kid</c>, read from a JWK Set (RFC 7517): RSA of 2048 bits or more for RS384, P-384 for ES384.</summary>
internal sealed class TokenKeys
{
    private const int LeastBits = 2048;
    private readonly Dictionary<string, Func<byte[], byte[], bool>> keys = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The text is no key set, or holds no key that can be used.</exception>
    public static TokenKeys Read(string json)
    {
        var read = new TokenKeys();
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var key in document.RootElement.GetProperty("keys").EnumerateArray()) { read.Add(key); }
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or CryptographicException)
        {
            throw new InvalidDataException($"it is no JWK Set: {fault.Message}", fault);
        }
        return read.keys.Count > 0 ? read : throw new InvalidDataException("it holds no key for RS384 or ES384 with a kid");
    }

    /// <summary>Does the key of this name and algorithm verify the signature?</summary>
    public bool Verify(string algorithm, string kid, byte[] signed, byte[] signature) =>
        keys.TryGetValue($"{algorithm} {kid}", out var verify) && verify(signed, signature);

    private void Add(JsonElement key)
    {
        if (Text(key, "kid") is not { Length: > 0 } kid || Text(key, "use") is not (null or "sig")) { return; }
        switch (Text(key, "kty"))
        {
            case "RSA" when Text(key, "alg") is null or "RS384":
                var modulus = new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") };
                using (var rsa = RSA.Create(modulus))
                {
                    if (rsa.KeySize < LeastBits) { throw new InvalidDataException($"the RSA key '{kid}' has {rsa.KeySize} bits; {LeastBits} are needed"); }
                }
                keys[$"RS384 {kid}"] = (signed, signature) =>
                {
                    // A key object may serve one call at a time only.
                    using var rsa = RSA.Create(modulus);
                    return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
                };
                break;
            case "EC" when Text(key, "crv") == "P-384" && Text(key, "alg") is null or "ES384":
                var point = new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } };
                using (ECDsa.Create(point))
                {
                    keys[$"ES384 {kid}"] = (signed, signature) =>
                    {
                        using var curve = ECDsa.Create(point);
                        return curve.VerifyData(signed, signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
                    };
                }
                break;
        }
    }

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
}
