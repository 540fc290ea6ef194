using BoneMet.Dicom;
using BoneMet.DicomIngestion.Spooling;
using Microsoft.Extensions.Options;

namespace BoneMet.DicomIngestion.Instances;

/// <summary>Turns a received file into an instance that may be stored: read, checked, de-identified.</summary>
internal sealed class InstancePreparer(IOptions<IngestionOptions> options)
{
    private readonly DicomReadOptions reading = new() { FallbackCharacterSet = options.Value.FallbackCharacterSet is { Length: > 0 } declared ? DicomCharacterSet.Parse(declared) : null };

    private static readonly (DicomTag Tag, string Name)[] Needed =
    [
        (DicomTag.SOPClassUID, "SOP Class UID"),
        (DicomTag.SOPInstanceUID, "SOP Instance UID"),
        (DicomTag.StudyInstanceUID, "Study Instance UID"),
        (DicomTag.SeriesInstanceUID, "Series Instance UID"),
    ];

    /// <summary>Null for a DICOMDIR, which lists instances and is none. The prepared instance owns the file; on a fault it is left to the caller.</summary>
    /// <param name="file">What came.</param>
    /// <param name="regionName">A region name that the submitter gave: it is no identity, and stays readable.</param>
    /// <param name="cancellation">Cancels between files.</param>
    /// <exception cref="UnusableInstanceException">It is not a complete DICOM instance.</exception>
    public Task<PreparedInstance?> Prepare(SpooledFile file, string? regionName, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        DicomFile dicom;
        try
        {
            dicom = DicomFile.Open(file.Path, reading);
        }
        catch (DicomFileException fault)
        {
            throw new UnusableInstanceException("not-dicom", $"is not a DICOM file that can be read: {fault.Reason.TrimEnd('.')} (at byte {fault.Offset}).");
        }
        catch (DicomException fault)
        {
            throw new UnusableInstanceException("not-dicom", $"is not a DICOM file that can be read: {fault.Message.TrimEnd('.')}.");
        }
        if (dicom.Fault is { } cut) { throw new UnusableInstanceException("dicom-truncated", $"is cut short: {cut.Reason.TrimEnd('.')} (at byte {cut.Offset})."); }

        var dataset = dicom.Dataset;
        if (dataset.Contains(DicomTag.DirectoryRecordSequence)) { return Task.FromResult<PreparedInstance?>(null); }
        foreach (var (tag, name) in Needed)
        {
            var value = dataset.GetSingleValueOrDefault(tag, "");
            if (value.Length == 0) { throw new UnusableInstanceException("missing-uid", $"has no {name}, which every instance needs."); }
            if (!IsUid(value)) { throw new UnusableInstanceException("invalid-uid", $"has a {name} that is no UID."); }
        }
        return Task.FromResult<PreparedInstance?>(new PreparedInstance
        {
            ItemName = file.Name,
            OriginalSopInstanceUid = dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID),
            OriginalSopClassUid = dataset.GetSingleValue<string>(DicomTag.SOPClassUID),
            OriginalStudyUid = dataset.GetSingleValue<string>(DicomTag.StudyInstanceUID),
            StudyUid = dataset.GetSingleValue<string>(DicomTag.StudyInstanceUID),
            SeriesUid = dataset.GetSingleValue<string>(DicomTag.SeriesInstanceUID),
            SopInstanceUid = dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID),
            SopClassUid = dataset.GetSingleValue<string>(DicomTag.SOPClassUID),
            TransferSyntaxUid = dicom.TransferSyntax.UID.UID,
            Modality = dataset.GetSingleValueOrDefault(DicomTag.Modality, "OT"),
            InstanceNumber = dataset.TryGetSingleValue<int>(DicomTag.InstanceNumber, out var number) ? number : null,
            Frames = Math.Max(1, dataset.GetSingleValueOrDefault(DicomTag.NumberOfFrames, 1)),
            Attributes = IndexedAttributes.Of(dataset),
            SourceSha256 = file.Sha256,
            File = file,
        });
    }

    /// <summary>Lenient where hospitals are: digits and dots, whatever zeros they begin with.</summary>
    private static bool IsUid(string value) => value.Length <= 64 && value.All(c => char.IsAsciiDigit(c) || c == '.');
}
