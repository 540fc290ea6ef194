using System.Diagnostics.CodeAnalysis;

namespace BoneMet.Statistics.Tables;

/// <summary>Columns of equal length, each with its own name.</summary>
public sealed class Table
{
    private readonly Dictionary<string, Column> _byName = new(StringComparer.Ordinal);

    /// <summary>Puts columns side by side.</summary>
    /// <exception cref="TableException">Two columns share a name or their lengths differ.</exception>
    public Table(IReadOnlyList<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Columns = columns;
        Rows = columns.Count == 0 ? 0 : columns[0].Count;
        foreach (var column in columns)
        {
            if (!_byName.TryAdd(column.Name, column)) { throw new TableException($"Two columns are called '{column.Name}'."); }
            if (column.Count != Rows) { throw new TableException($"Column {column.Name} has {column.Count} rows, the first column {Rows}."); }
        }
    }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>The column called <paramref name="name"/>.</summary>
    /// <exception cref="TableException">No column has that name; the message names the nearest ones.</exception>
    public Column this[string name] =>
        TryGet(name, out var column) ? column : throw new TableException($"There is no column '{name}'{Hint(name)}.");

    /// <summary>Finds a column by its exact name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Column? column) => _byName.TryGetValue(name, out column);

    /// <summary>The rows of <paramref name="rows"/>, in that order.</summary>
    public Table Select(ReadOnlySpan<int> rows)
    {
        var columns = new Column[Columns.Count];
        for (var i = 0; i < columns.Length; i++) { columns[i] = Columns[i].Select(rows); }
        return new Table(columns);
    }

    /// <summary>The same rows with one column replaced, or added at the end.</summary>
    public Table With(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return new([.. Columns.Select(c => c.Name == column.Name ? column : c), .. _byName.ContainsKey(column.Name) ? Array.Empty<Column>() : [column]]);
    }

    private string Hint(string name)
    {
        if (Columns.Count == 0) { return ""; }
        var near = Columns.Select(c => c.Name).OrderBy(n => Distance(n.ToUpperInvariant(), name.ToUpperInvariant())).First();
        return Distance(near.ToUpperInvariant(), name.ToUpperInvariant()) <= Math.Max(1, name.Length / 3)
            ? $" (perhaps '{near}'?)"
            : $" among {string.Join(", ", Columns.Take(12).Select(c => c.Name))}{(Columns.Count > 12 ? ", …" : "")}";
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) { row[j] = j; }
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
