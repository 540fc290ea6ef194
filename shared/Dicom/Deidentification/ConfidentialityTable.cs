using System.Collections.Frozen;
using System.Globalization;

namespace BoneMet.Dicom.Deidentification;

/// <summary>PS3.15 table E.1-1, from the checked-in transcription.</summary>
public static class ConfidentialityTable
{
    private const string Resource = "BoneMet.Dicom.Deidentification.confidentiality.tsv";
    private static readonly Lazy<FrozenDictionary<uint, ConfidentialityRule>> Rules = new(Load);

    /// <summary>All attributes of the table that have one number; repeating groups and private attributes are handled as rules of their own.</summary>
    public static IReadOnlyCollection<ConfidentialityRule> All => Rules.Value.Values;

    /// <summary>The row of an attribute; null when the table does not name it.</summary>
    public static ConfidentialityRule? Find(DicomTag tag) => Rules.Value.GetValueOrDefault(tag.Value);

    private static FrozenDictionary<uint, ConfidentialityRule> Load()
    {
        using var stream = typeof(ConfidentialityTable).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        var rules = new Dictionary<uint, ConfidentialityRule>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            var text = cells[0].Trim('(', ')').Replace(",", "", StringComparison.Ordinal);
            // Curves, overlays and private attributes stand for whole groups.
            if (!uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag)) { continue; }
            string Cell(int index) => index < cells.Length ? cells[index].Trim() : "";
            rules[tag] = new ConfidentialityRule(new DicomTag(tag), Cell(1), Cell(3), Cell(8), Cell(10), Cell(11));
        }
        return rules.ToFrozenDictionary();
    }
}
