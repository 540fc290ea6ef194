namespace BoneMet.RiskModels;

/// <summary>Orders semantic versions; build metadata (after '+') and pre-releases compare as text.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, restA) = Split(x ?? "");
        var (b, restB) = Split(y ?? "");
        var order = a.CompareTo(b);
        if (order != 0) { return order; }
        if (restA.StartsWith('-') != restB.StartsWith('-')) { return restA.StartsWith('-') ? -1 : 1; }
        return string.CompareOrdinal(restA, restB);
    }

    private static (Version Numbers, string Tail) Split(string text)
    {
        var end = text.IndexOfAny(['-', '+']);
        var numbers = end < 0 ? text : text[..end];
        return (Version.TryParse(numbers, out var version) ? version : new Version(0, 0), end < 0 ? "" : text[end..]);
    }
}
