using System.Text.Json;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

/// <summary>Header values of every shared file, as dcmtk and pydicom read them.</summary>
public sealed class CorpusHeaderTests
{
    private static readonly Dictionary<string, DicomTag> s_tags = new()
    {
        ["SpecificCharacterSet"] = DicomTag.SpecificCharacterSet, ["SOPClassUID"] = DicomTag.SOPClassUID, ["SOPInstanceUID"] = DicomTag.SOPInstanceUID, ["StudyInstanceUID"] = DicomTag.StudyInstanceUID,
        ["SeriesInstanceUID"] = DicomTag.SeriesInstanceUID, ["Modality"] = DicomTag.Modality, ["PatientID"] = DicomTag.PatientID, ["PatientName"] = DicomTag.PatientName,
        ["PhotometricInterpretation"] = DicomTag.PhotometricInterpretation, ["Rows"] = DicomTag.Rows, ["Columns"] = DicomTag.Columns, ["BitsAllocated"] = DicomTag.BitsAllocated,
        ["BitsStored"] = DicomTag.BitsStored, ["HighBit"] = DicomTag.HighBit, ["PixelRepresentation"] = DicomTag.PixelRepresentation, ["SamplesPerPixel"] = DicomTag.SamplesPerPixel,
        ["PixelSpacing"] = DicomTag.PixelSpacing, ["NumberOfFrames"] = DicomTag.NumberOfFrames,
    };

    [Fact]
    public void Headers_OfEveryReadableFile_AreAsExpected()
    {
        var wrong = new List<string>();
        foreach (var (path, expected) in Corpus.Read())
        {
            if (!expected.TryGetProperty("header", out var header)) { continue; }
            if (!expected.GetProperty("readable").EnumerateObject().Any(tool => tool.Value.GetBoolean())) { continue; }
            DicomFile file;
            try
            {
                file = DicomFile.Open(path, new DicomReadOptions { KeepReadable = true });
            }
            catch (DicomFileException fault)
            {
                // no_meta.dcm begins with a stray byte; its line allows a typed error.
                if (!expected.TryGetProperty("note", out var note) || !note.GetString()!.Contains("typed error", StringComparison.Ordinal)) { wrong.Add($"{path}: {fault.Message}"); }
                continue;
            }
            foreach (var (keyword, tag) in s_tags)
            {
                if (!header.TryGetProperty(keyword, out var value) || value.ValueKind == JsonValueKind.Null) { continue; }
                var want = value.ValueKind == JsonValueKind.Array ? string.Join('\\', value.EnumerateArray().Select(v => v.ToString())) : value.ToString();
                var got = First(file.Dataset, tag) ?? "";
                if (want.Trim() != got.Trim()) { wrong.Add($"{System.IO.Path.GetFileName(path)} {keyword}: '{got}' instead of '{want}'"); }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The reference values were picked from a dump, so a name may stand in a nested item (DICOMDIR).</summary>
    private static string? First(DicomDataset dataset, DicomTag tag)
    {
        if (dataset.TryGetString(tag, out var text)) { return text; }
        return dataset.OfType<DicomSequence>().SelectMany(sequence => sequence).Select(item => First(item, tag)).FirstOrDefault(found => found is not null);
    }
}
