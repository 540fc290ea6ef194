using System.Text.RegularExpressions;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>Which of several regions is the primary lesion: the submitter's word, else a rule over the labels.</summary>
internal static partial class PrimaryRegion
{
    /// <summary>The region asked for: its exact name, its name up to case and punctuation, or the only one whose name begins so. Null when none fits.</summary>
    public static RegionSource? Named(IReadOnlyList<RegionSource> regions, string name) =>
        regions.FirstOrDefault(region => region.Name == name)
        ?? regions.FirstOrDefault(region => string.Equals(Plain(region.Name), Plain(name), StringComparison.OrdinalIgnoreCase))
        ?? (regions.Where(region => Plain(region.Name).StartsWith(Plain(name), StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only : null);

    /// <summary>
    /// The best label: GTV of the primary (GTVp, GTV_Mass, GTV primary), then any GTV that is not of nodes, then a label that says tumour, lesion or mass, then the
    /// only region there is. Of equals the first in the alphabet; null when nothing speaks for any.
    /// </summary>
    public static RegionSource? ByLabel(IReadOnlyList<RegionSource> regions)
    {
        var best = regions.Select(region => (Region: region, Rank: Rank(region.Name)))
            .Where(candidate => candidate.Rank < int.MaxValue)
            .OrderBy(candidate => candidate.Rank).ThenBy(candidate => candidate.Region.Name, StringComparer.Ordinal).ThenBy(candidate => candidate.Region.SopInstanceUid, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Region ?? (regions.Count == 1 ? regions[0] : null);
    }

    private static int Rank(string label)
    {
        if (Nodes().IsMatch(label)) { return int.MaxValue; }
        if (Gtv().IsMatch(label)) { return Primary().IsMatch(label) ? 0 : 1; }
        return Lesion().IsMatch(label) ? 2 : int.MaxValue;
    }

    private static string Plain(string label) => string.Concat(label.Where(char.IsLetterOrDigit));

    [GeneratedRegex("GTV[-_ ]?n|node|lymph|LN\\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Nodes();

    [GeneratedRegex("^GTV", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Gtv();

    [GeneratedRegex("GTV[-_ ]?(p|t|mass|prim|tum|1$)|^GTV$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Primary();

    [GeneratedRegex("tumou?r|lesion|\\bmass\\b|neoplasm|primary", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Lesion();
}
