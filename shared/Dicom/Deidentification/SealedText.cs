using System.Security.Cryptography;
using System.Text;

namespace BoneMet.Dicom.Deidentification;

/// <summary>Text sealed (AES-256-GCM) under a name: nonce, tag and cipher text in base64, opened only with the same key and name.</summary>
public static class SealedText
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <param name="key">32 bytes.</param>
    /// <param name="name">What the text belongs to.</param>
    /// <param name="text">What is sealed.</param>
    public static string Seal(byte[] key, string name, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        // One cipher per call: it is not safe for several threads.
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String(box);
    }

    /// <exception cref="CryptographicException">It was not sealed with this key under this name.</exception>
    public static string Open(byte[] key, string name, string sealedText)
    {
        ArgumentNullException.ThrowIfNull(sealedText);
        var box = Convert.FromBase64String(sealedText);
        if (box.Length < NonceBytes + TagBytes) { throw new CryptographicException("This is no sealed value."); }
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(name));
        return Encoding.UTF8.GetString(plain);
    }
}
