using System.Security.Cryptography;
using BoneMet.Dicom;
using BoneMet.Dicom.Deidentification;
using BoneMet.Dicom.Network;
using BoneMet.DicomIngestion.Identity;
using BoneMet.DicomIngestion.Spooling;
using Microsoft.Extensions.Options;

namespace BoneMet.DicomIngestion.Instances;

/// <summary>Turns a received file into an instance that may be stored: read, checked, de-identified.</summary>
internal sealed class InstancePreparer(Spool spool, DeidentificationKey key, IOptions<IngestionOptions> options)
{
    private readonly DeidentificationOptions profile = DeidentificationOptions.Default with { HoldBackRiskyPixels = options.Value.HoldBackRiskyPixels };
    private readonly Deidentifier standard = new(DeidentificationOptions.Default with { HoldBackRiskyPixels = options.Value.HoldBackRiskyPixels }, key.Value);
    private readonly DicomReadOptions reading = new() { FallbackCharacterSet = options.Value.FallbackCharacterSet is { Length: > 0 } declared ? DicomCharacterSet.Parse(declared) : null };

    private static readonly DicomReadOptions HeaderOnly = new() { StopBefore = DicomTag.PixelData };

    private static readonly (DicomTag Tag, string Name)[] Needed =
    [
        (DicomTag.SOPClassUID, "SOP Class UID"),
        (DicomTag.SOPInstanceUID, "SOP Instance UID"),
        (DicomTag.StudyInstanceUID, "Study Instance UID"),
        (DicomTag.SeriesInstanceUID, "Series Instance UID"),
    ];

    /// <summary>Null for a DICOMDIR, which lists instances and is none. The received file must stay until the prepared instance is stored.</summary>
    /// <param name="file">What came.</param>
    /// <param name="regionName">A region name that the submitter gave: it is no identity, and stays readable.</param>
    /// <param name="cancellation">Cancels between files.</param>
    /// <exception cref="UnusableInstanceException">It is not a complete DICOM instance.</exception>
    /// <exception cref="HeldBackException">It may show identity.</exception>
    public PreparedInstance? Prepare(SpooledFile file, string? regionName, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var dicom = Read(() => DicomFile.Open(file.Path, reading));
        if (dicom.Dataset.Contains(DicomTag.DirectoryRecordSequence)) { return null; }
        // Many items may wait for each other here: what would hold their pixels in memory is written to a file.
        return Prepare(dicom, file.Name, regionName, keep: encoding => encoding.Memory is null);
    }

    /// <summary>Null for a DICOMDIR. The memory must stay as it is until the prepared instance is stored.</summary>
    /// <exception cref="UnusableInstanceException">It is not a complete DICOM instance.</exception>
    /// <exception cref="HeldBackException">It may show identity.</exception>
    public PreparedInstance? Prepare(string name, ReceivedMemory memory)
    {
        var dicom = Read(() => memory.Open(reading));
        return dicom.Dataset.Contains(DicomTag.DirectoryRecordSequence) ? null : Prepare(dicom, name, regionName: null, keep: _ => true);
    }

    /// <summary>An object that came by DIMSE: small ones never touch the spool. It must stay until the prepared instance is stored.</summary>
    /// <exception cref="UnusableInstanceException">It is not a complete DICOM instance.</exception>
    /// <exception cref="HeldBackException">It may show identity.</exception>
    public PreparedInstance Prepare(ReceivedObject received) => Prepare(Read(() => received.Open(reading)), "the object", regionName: null, keep: _ => true);

    private static DicomFile Read(Func<DicomFile> open)
    {
        DicomFile dicom;
        try
        {
            dicom = open();
        }
        catch (DicomFileException fault)
        {
            throw new UnusableInstanceException("not-dicom", $"is not a DICOM file that can be read: {fault.Reason.TrimEnd('.')} (at byte {fault.Offset}).");
        }
        catch (DicomException fault)
        {
            throw new UnusableInstanceException("not-dicom", $"is not a DICOM file that can be read: {fault.Message.TrimEnd('.')}.");
        }
        return dicom.Fault is { } cut ? throw new UnusableInstanceException("dicom-truncated", $"is cut short: {cut.Reason.TrimEnd('.')} (at byte {cut.Offset}).") : dicom;
    }

    /// <summary>What may be kept stays in pieces, its pixels where they were received, if they can be read from there and the caller agrees; else it is written to a file of its own.</summary>
    private PreparedInstance Prepare(DicomFile dicom, string name, string? regionName, Func<DicomEncoding, bool> keep)
    {
        Check(dicom.Dataset);
        var result = Deidentify(dicom, regionName);
        var described = Describe(dicom, result, name);
        var isOnDisk = dicom.Path is not null;
        if (!(isOnDisk && (dicom.TransferSyntax.IsDeflated || dicom.TransferSyntax.IsBigEndian)))
        {
            var encoding = new DicomFile(result.Dataset, dicom.TransferSyntax).Encode();
            // Nothing is released that the verifier finds fault with: it reads what will be written again, up to the pixels if nothing follows them.
            var headIsAll = encoding.IsSplitAtPixelsOnly && result.Dataset.All(item => item.Tag.Value <= DicomTag.PixelData.Value);
            if (keep(encoding) && (headIsAll || encoding.Memory is not null))
            {
                Verify(headIsAll ? DicomFile.Open(encoding.Head.ToArray(), HeaderOnly) : DicomFile.Open(encoding.OpenRead()), dicom.Dataset, result);
                return described with { Encoding = encoding, Pixels = result.Dataset.Find(DicomTag.PixelData) };
            }
        }
        return described with { File = WriteFile(dicom, result, name) };
    }

    private static void Check(DicomDataset dataset)
    {
        foreach (var (tag, name) in Needed)
        {
            var value = dataset.GetSingleValueOrDefault(tag, "");
            if (value.Length == 0) { throw new UnusableInstanceException("missing-uid", $"has no {name}, which every instance needs."); }
            if (!IsUid(value)) { throw new UnusableInstanceException("invalid-uid", $"has a {name} that is no UID."); }
        }
    }

    private static PreparedInstance Describe(DicomFile dicom, DeidentifiedDataset result, string name)
    {
        var (dataset, clean) = (dicom.Dataset, result.Dataset);
        return new PreparedInstance
        {
            ItemName = name,
            OriginalSopInstanceUid = dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID),
            OriginalSopClassUid = dataset.GetSingleValue<string>(DicomTag.SOPClassUID),
            OriginalStudyUid = dataset.GetSingleValue<string>(DicomTag.StudyInstanceUID),
            OriginalSeriesUid = dataset.GetSingleValue<string>(DicomTag.SeriesInstanceUID),
            OriginalAccession = dataset.GetSingleValueOrDefault(DicomTag.AccessionNumber, "").Trim(),
            OriginalPatient = $"{dataset.GetSingleValueOrDefault(DicomTag.PatientID, "").Trim()}\n{dataset.GetSingleValueOrDefault(DicomTag.PatientName, "").Trim()}",
            Pseudonym = result.Pseudonym,
            Accession = clean.GetSingleValueOrDefault(DicomTag.AccessionNumber, ""),
            StudyUid = clean.GetSingleValue<string>(DicomTag.StudyInstanceUID),
            SeriesUid = clean.GetSingleValue<string>(DicomTag.SeriesInstanceUID),
            SopInstanceUid = clean.GetSingleValue<string>(DicomTag.SOPInstanceUID),
            SopClassUid = clean.GetSingleValue<string>(DicomTag.SOPClassUID),
            TransferSyntaxUid = dicom.TransferSyntax.UID.UID,
            Modality = clean.GetSingleValueOrDefault(DicomTag.Modality, "OT"),
            InstanceNumber = clean.TryGetSingleValue<int>(DicomTag.InstanceNumber, out var number) ? number : null,
            Frames = Math.Max(1, clean.GetSingleValueOrDefault(DicomTag.NumberOfFrames, 1)),
            Attributes = IndexedAttributes.Of(clean),
            SourceSha256 = SourceDigest(dataset),
        };
    }

    /// <summary>Tells whether two instances came with the same data set, however that was encoded; their pixels are compared as such.</summary>
    private static string SourceDigest(DicomDataset dataset)
    {
        var header = dataset.Clone();
        header.Remove(DicomTag.PixelData);
        using var content = new DicomFile(header).Encode().OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private DeidentifiedDataset Deidentify(DicomFile dicom, string? regionName)
    {
        var deidentifier = regionName is null ? standard : new Deidentifier(profile with { ExtraWords = [regionName] }, key.Value);
        var result = deidentifier.Apply(dicom.Dataset);
        return result.HeldBack is { } reason ? throw new HeldBackException(reason) : result;
    }

    /// <summary>Writes what may be kept to a file of its own, and reads it again: nothing is released that the verifier finds fault with.</summary>
    private SpooledFile WriteFile(DicomFile dicom, DeidentifiedDataset result, string name)
    {
        var path = spool.NewPath();
        try
        {
            using (var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16)) { new DicomFile(result.Dataset, dicom.TransferSyntax).Save(output); }
            Verify(DicomFile.Open(path), dicom.Dataset, result);
            return new SpooledFile(name, path, new FileInfo(path).Length);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private void Verify(DicomFile written, DicomDataset original, DeidentifiedDataset result)
    {
        var findings = DeidentificationVerifier.Verify(written, original, result, profile);
        if (findings.Count > 0) { throw new HeldBackException($"Its de-identification could not be verified: {findings[0].Path} {findings[0].Reason}."); }
    }

    /// <summary>Lenient where hospitals are: digits and dots, whatever zeros they begin with.</summary>
    private static bool IsUid(string value) => value.Length <= 64 && value.All(c => char.IsAsciiDigit(c) || c == '.');
}
