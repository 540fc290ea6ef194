namespace BoneMet.Statistics.Tables;

/// <summary>Levels of a factor; the first level is the reference.</summary>
public sealed class CategoricalColumn(string name, int[] codes, string[] levels) : Column(name)
{
    /// <summary>Index into <see cref="Levels"/> for each row; −1 is a missing cell.</summary>
    public int[] Codes { get; } = codes;

    /// <summary>Names of the levels, reference first.</summary>
    public string[] Levels { get; } = levels;

    /// <inheritdoc/>
    public override int Count => Codes.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Codes[row] < 0;

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows)
    {
        var selected = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++) { selected[i] = Codes[rows[i]]; }
        return new CategoricalColumn(Name, selected, Levels);
    }

    /// <summary>Rows of each level.</summary>
    public int[] LevelCounts()
    {
        var counts = new int[Levels.Length];
        foreach (var code in Codes) { if (code >= 0) { counts[code]++; } }
        return counts;
    }

    /// <summary>Without the levels that no row has, as R's <c>droplevels</c>; the order stays.</summary>
    public CategoricalColumn DropUnusedLevels()
    {
        var counts = LevelCounts();
        if (counts.All(count => count > 0)) { return this; }
        var map = new int[Levels.Length];
        var kept = new List<string>();
        for (var level = 0; level < map.Length; level++)
        {
            map[level] = kept.Count;
            if (counts[level] > 0) { kept.Add(Levels[level]); }
        }
        return new CategoricalColumn(Name, [.. Codes.Select(code => code < 0 ? -1 : map[code])], [.. kept]);
    }

    /// <summary>The same values with <paramref name="reference"/> as first level.</summary>
    /// <exception cref="TableException">No level has that name.</exception>
    public CategoricalColumn WithReference(string reference)
    {
        var index = Array.IndexOf(Levels, reference);
        if (index < 0) { throw new TableException($"'{reference}' is not a level of {Name} ({string.Join(", ", Levels)})."); }
        if (index == 0) { return this; }
        string[] levels = [reference, .. Levels.Where((_, i) => i != index)];
        return new CategoricalColumn(Name, [.. Codes.Select(code => code == index ? 0 : code >= 0 && code < index ? code + 1 : code)], levels);
    }
}
