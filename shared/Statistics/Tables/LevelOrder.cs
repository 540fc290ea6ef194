namespace BoneMet.Statistics.Tables;

/// <summary>Alphabetical order of levels as R sorts them (the root order of the Unicode collation): signs, digits, letters without regard to case, small before capital.</summary>
public sealed class LevelOrder : IComparer<string>
{
    private const string Signs = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    private const int Digits = 64;
    private const int Letters = 128;

    private LevelOrder()
    {
    }

    /// <summary>The one instance.</summary>
    public static LevelOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        x ??= "";
        y ??= "";
        for (var i = 0; i < x.Length && i < y.Length; i++)
        {
            var difference = Primary(x[i]) - Primary(y[i]);
            if (difference != 0) { return difference; }
        }
        if (x.Length != y.Length) { return x.Length - y.Length; }
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] != y[i]) { return char.IsLower(x[i]) ? -1 : char.IsLower(y[i]) ? 1 : x[i] - y[i]; }
        }
        return 0;
    }

    private static int Primary(char c)
    {
        var sign = Signs.IndexOf(c, StringComparison.Ordinal);
        return sign >= 0 ? sign : char.IsAsciiDigit(c) ? Digits + c - '0' : Letters + (c switch { 'ё' or 'Ё' => 'е', _ => char.ToLowerInvariant(c) });
    }
}
