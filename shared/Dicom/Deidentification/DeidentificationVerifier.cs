using System.Text;

namespace BoneMet.Dicom.Deidentification;

/// <summary>
/// Reads a de-identified file again, independently of how it was made, and says what should not be in it: attributes that the table forbids, UIDs and
/// identifiers of the original, private and unknown attributes, overlays. Nothing is released on a finding.
/// </summary>
public static class DeidentificationVerifier
{
    private const int ShortestSearched = 4;

    /// <param name="output">The file as it would be released.</param>
    /// <param name="original">The data set that it was made of.</param>
    /// <param name="result">What the de-identifier returned.</param>
    /// <param name="options">The options that it worked with.</param>
    public static IReadOnlyList<DeidentificationFinding> Verify(DicomFile output, DicomDataset original, DeidentifiedDataset result, DeidentificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(options);
        var findings = new List<DeidentificationFinding>();
        var uids = new HashSet<string>(StringComparer.Ordinal);
        CollectUids(original, uids);
        var searched = result.Identity.Where(value => value.Length >= ShortestSearched && value != result.Pseudonym).Select(value => (Text: value, Bytes: Encoding.UTF8.GetBytes(value))).ToList();
        Walk(output.Dataset, "", options, uids, searched, findings);
        if (output.Dataset.GetSingleValueOrDefault(DicomTag.PatientIdentityRemoved, "") != "YES") { findings.Add(new("(0012,0062) PatientIdentityRemoved", "is not set")); }
        foreach (var item in output.FileMetaInfo)
        {
            if (item.Tag == DicomTag.SourceApplicationEntityTitle || item.Tag == DicomTag.PrivateInformation || item.Tag == DicomTag.SendingApplicationEntityTitle) { findings.Add(new($"{item.Tag} {item.Tag.Keyword}", "is in the file meta information")); }
        }
        return findings;
    }

    private static void CollectUids(DicomDataset dataset, HashSet<string> uids)
    {
        foreach (var item in dataset)
        {
            if (item is DicomSequence sequence)
            {
                foreach (var inner in sequence.Items) { CollectUids(inner, uids); }
            }
            else if (item.VR == DicomVR.UI && ConfidentialityTable.Find(item.Tag) is { Basic: "U" })
            {
                foreach (var uid in dataset.GetString(item.Tag).Split('\\'))
                {
                    if (uid.Length > 0 && !uid.StartsWith("1.2.840.10008.", StringComparison.Ordinal)) { uids.Add(uid.Trim(' ', '\0')); }
                }
            }
        }
    }

    private static void Walk(DicomDataset dataset, string path, DeidentificationOptions options, HashSet<string> uids, List<(string Text, byte[] Bytes)> searched, List<DeidentificationFinding> findings)
    {
        foreach (var item in dataset)
        {
            var where = $"{path}{item.Tag} {item.Tag.Keyword}";
            if ((item.Tag.Group & 0xFF00) is 0x5000 or 0x6000) { findings.Add(new(where, "is an overlay or a curve")); }
            if (!item.Tag.IsPrivate && item.Tag.Keyword is null) { findings.Add(new(where, "is not in the data dictionary")); }
            if (item.Tag.IsPrivate && options.SafePrivate.All(safe => safe.Group != item.Tag.Group)) { findings.Add(new(where, "is private and not on the safe list")); }
            if (ConfidentialityTable.Find(item.Tag) is { } rule && rule.Resolve(options) == DeidentificationAction.Remove) { findings.Add(new(where, "should have been removed")); }
            switch (item)
            {
                case DicomSequence sequence:
                    for (var n = 0; n < sequence.Items.Count; n++) { Walk(sequence.Items[n], $"{where} [{n + 1}] > ", options, uids, searched, findings); }
                    break;
                case DicomElement element when element.Length is > 0 and < 1 << 20 && element.Tag != DicomTag.PixelData:
                    var value = element.Buffer.Span;
                    if (element.VR == DicomVR.UI && dataset.GetString(element.Tag).Split('\\').Any(uids.Contains)) { findings.Add(new(where, "is a UID of the original")); }
                    foreach (var (_, bytes) in searched)
                    {
                        if (value.IndexOf(bytes) >= 0) { findings.Add(new(where, "holds an identifier of the original")); }
                    }
                    break;
                default:
                    break;
            }
        }
    }
}
