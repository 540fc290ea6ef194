using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BoneMet.Dicom.Deidentification;

/// <summary>Pseudonyms, UIDs and date offsets by keyed HMAC-SHA-256: the same every time at one site, nothing without the key.</summary>
public sealed class Pseudonymizer
{
    /// <summary>Shortest key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>Dates move back by at least a month and at most ten years.</summary>
    private const int SmallestOffset = 30;
    private const int LargestOffset = 3650;
    private const int PseudonymLength = 12;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly byte[] key;

    /// <exception cref="ArgumentException">The key is shorter than <see cref="KeyBytes"/>.</exception>
    public Pseudonymizer(ReadOnlySpan<byte> key)
    {
        if (key.Length < KeyBytes) { throw new ArgumentException($"The key of the pseudonyms must have {KeyBytes} bytes or more, not {key.Length}.", nameof(key)); }
        this.key = key.ToArray();
    }

    /// <summary>BM and twelve characters of Crockford's base 32 (60 bits).</summary>
    public string Patient(string identity) => "BM" + Code("patient", identity, PseudonymLength);

    /// <summary>A pseudonym of at most 16 characters for an accession or request number.</summary>
    public string Number(string kind, string value) => Code(kind, value, PseudonymLength);

    /// <summary>A UID below 2.25 in place of another.</summary>
    public string Uid(string original)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash("uid", original, hash);
        return DicomUID.FromBits(hash[..16]).UID;
    }

    /// <summary>Days, negative, that all dates of a patient move by.</summary>
    public int OffsetDays(string identity)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash("offset", identity, hash);
        return -(int)(SmallestOffset + (BinaryPrimitives.ReadUInt32LittleEndian(hash) % (LargestOffset - SmallestOffset + 1)));
    }

    private string Code(string kind, string value, int length)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(kind, value, hash);
        Span<char> text = stackalloc char[length];
        for (var n = 0; n < length; n++) { text[n] = Alphabet[hash[n] & 31]; }
        return new string(text);
    }

    private void Hash(string kind, string value, Span<byte> hash)
    {
        var bytes = Encoding.UTF8.GetBytes($"{kind}\0{value}");
        HMACSHA256.HashData(key, bytes, hash);
    }
}
