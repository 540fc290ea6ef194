using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace BoneMet.Dicom;

/// <summary>A unique identifier. Storage SOP classes of PS3.4 are static members, e.g. <c>DicomUID.CTImageStorage</c>.</summary>
public sealed partial record DicomUID(string UID)
{
    private static readonly Lazy<Dictionary<string, string>> s_names = new(() => Storage().ToDictionary(s => s.Uid, s => s.Name, StringComparer.Ordinal));

    public static DicomUID Verification => new("1.2.840.10008.1.1");
    public static DicomUID StorageCommitmentPushModel => new("1.2.840.10008.1.20.1");
    public static DicomUID StorageCommitmentPushModelInstance => new("1.2.840.10008.1.20.1.1");
    public static DicomUID PatientRootQueryRetrieveFind => new("1.2.840.10008.5.1.4.1.2.1.1");
    public static DicomUID PatientRootQueryRetrieveMove => new("1.2.840.10008.5.1.4.1.2.1.2");
    public static DicomUID PatientRootQueryRetrieveGet => new("1.2.840.10008.5.1.4.1.2.1.3");
    public static DicomUID StudyRootQueryRetrieveFind => new("1.2.840.10008.5.1.4.1.2.2.1");
    public static DicomUID StudyRootQueryRetrieveMove => new("1.2.840.10008.5.1.4.1.2.2.2");
    public static DicomUID StudyRootQueryRetrieveGet => new("1.2.840.10008.5.1.4.1.2.2.3");
    public static DicomUID ModalityWorklistInformationFind => new("1.2.840.10008.5.1.4.31");
    public static DicomUID DicomApplicationContext => new("1.2.840.10008.3.1.1.1");

    /// <summary>Every storage SOP class that the table knows.</summary>
    public static IReadOnlyList<DicomUID> StorageSOPClasses { get; } = [.. Storage().Select(s => new DicomUID(s.Uid))];

    /// <summary>Name of a storage SOP class or transfer syntax, or null.</summary>
    public string? Name => s_names.Value.TryGetValue(UID, out var name) ? name : DicomTransferSyntax.Find(UID)?.Name;

    /// <summary>True for a storage SOP class of the table.</summary>
    public bool IsStorage => s_names.Value.ContainsKey(UID);

    /// <summary>1 to 64 characters, numbers separated by dots, no number with a leading zero (PS3.5 section 9.1).</summary>
    public static bool IsValid(string? text)
    {
        if (text is not { Length: > 0 and <= 64 }) { return false; }
        foreach (var part in text.AsSpan().Split('.'))
        {
            var number = text.AsSpan(part);
            if (number.Length == 0 || (number.Length > 1 && number[0] == '0') || number.ContainsAnyExceptInRange('0', '9')) { return false; }
        }
        return true;
    }

    /// <summary>A new UID below 2.25 from 128 random bits (PS3.5 B.2).</summary>
    public static DicomUID Generate() => FromBits(RandomNumberGenerator.GetBytes(16));

    /// <summary>The UID below 2.25 of 128 given bits, big endian: for UIDs derived by a keyed hash.</summary>
    public static DicomUID FromBits(ReadOnlySpan<byte> bits) =>
        new("2.25." + new BigInteger(bits[..16], isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture));

    public override string ToString() => UID;
}
