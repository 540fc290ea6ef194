using System.Security.Cryptography;

namespace BoneMet.Dicom.Deidentification;

/// <summary>Seals originals (AES-256-GCM) so that they may lie beside their pseudonyms at the site, and puts them back into what returns.</summary>
public sealed class IdentityVault
{
    private readonly byte[] key;

    /// <param name="key">The site's secret; the vault's own key is derived from it.</param>
    public IdentityVault(ReadOnlySpan<byte> key)
    {
        if (key.Length < Pseudonymizer.KeyBytes) { throw new ArgumentException($"The key of the vault must have {Pseudonymizer.KeyBytes} bytes or more.", nameof(key)); }
        this.key = HMACSHA256.HashData(key, "identity vault"u8);
    }

    /// <summary>Seals a value under its pseudonym: it opens only together with that pseudonym.</summary>
    public string Seal(string pseudonym, string original) => SealedText.Seal(key, pseudonym, original);

    /// <exception cref="CryptographicException">It was not sealed with this key under this pseudonym.</exception>
    public string Open(string pseudonym, string sealedValue) => SealedText.Open(key, pseudonym, sealedValue);

    /// <summary>Puts originals back: every UID, and the patient's name, ID and accession number, that <paramref name="original"/> knows.</summary>
    public static void Reidentify(DicomDataset dataset, Func<string, string?> original, string? patientName, string? patientId)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(original);
        foreach (var item in dataset.ToList())
        {
            if (item is DicomSequence sequence)
            {
                foreach (var inner in sequence.Items) { Reidentify(inner, original, null, null); }
            }
            else if (item.VR == DicomVR.UI || item.Tag == DicomTag.AccessionNumber)
            {
                var values = dataset.GetString(item.Tag).Split('\\');
                dataset.AddOrUpdate(item.VR, item.Tag, [.. values.Select(value => original(value) ?? value)]);
            }
        }
        if (patientName is not null) { dataset.AddOrUpdate(DicomTag.PatientName, patientName); }
        if (patientId is not null) { dataset.AddOrUpdate(DicomTag.PatientID, patientId); }
    }
}
