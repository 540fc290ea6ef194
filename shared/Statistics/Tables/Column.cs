namespace BoneMet.Statistics.Tables;

/// <summary>One column of a <see cref="Table"/>: a name and one value, or none, for each row.</summary>
public abstract class Column
{
    private protected Column(string name) => Name = name;

    /// <summary>Name as the header (or the data dictionary) gives it.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the cell of <paramref name="row"/> (from 0) holds nothing.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>Number of missing cells.</summary>
    public int MissingCount
    {
        get
        {
            var missing = 0;
            for (var row = 0; row < Count; row++) { if (IsMissing(row)) { missing++; } }
            return missing;
        }
    }

    /// <summary>The same column restricted to <paramref name="rows"/>, in that order; a row may come twice.</summary>
    public abstract Column Select(ReadOnlySpan<int> rows);
}
