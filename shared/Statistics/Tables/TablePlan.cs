using System.Text;

namespace BoneMet.Statistics.Tables;

/// <summary>The first pass over a file: header, number of rows, kind of each column.</summary>
internal sealed class TablePlan
{
    private const int ProgressEvery = 8192;
    private readonly ColumnPlan[] _columns;
    private readonly int _rows;
    private readonly char _delimiter;

    private TablePlan(ColumnPlan[] columns, int rows, char delimiter)
    {
        _columns = columns;
        _rows = rows;
        _delimiter = delimiter;
    }

    public static TablePlan Make(Pass pass, TableReaderOptions options, List<string> notes, CancellationToken cancellation)
    {
        using var stream = pass.Open();
        var tokens = new CsvTokenizer(stream, pass.Delimiter);
        if (!tokens.Read()) { throw new TableException("The file is empty: it has not even a header."); }
        if (tokens.Count > TableReader.MaximumColumns) { throw new TableException($"The header has {tokens.Count} columns; the limit is {TableReader.MaximumColumns}."); }
        var columns = new ColumnPlan[tokens.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var header = Encoding.UTF8.GetString(tokens[i]);
            if (header.Length == 0) { header = i == 0 ? "X" : $"X.{i}"; }           // as read.csv names a column of row names
            var (description, unit) = options.Dictionary?.Find(header) ?? (null, null);
            columns[i] = new ColumnPlan(header, description, unit);
        }
        foreach (var group in columns.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            if (group.Select(c => c.Header).Distinct(StringComparer.Ordinal).Count() < group.Count()) { throw new TableException($"Two columns are called '{group.Key}'."); }
            throw new TableException($"The columns {string.Join(" and ", group.Select(c => c.Header))} both mean {group.Key} by the data dictionary.");
        }
        foreach (var column in columns) { column.Wanted = options.Columns is null || options.Columns.Contains(column.Name) || options.Columns.Contains(column.Header); }

        var rows = 0;
        while (tokens.Read())
        {
            rows++;
            if (rows % ProgressEvery == 0) { Report(options, pass, tokens.Position, 0, cancellation); }
            var cells = Math.Min(tokens.Count, columns.Length);
            if (tokens.Count > columns.Length) { continue; }
            for (var i = 0; i < cells; i++) { if (columns[i].Wanted) { columns[i].Look(tokens[i]); } }
        }
        foreach (var column in columns) { if (column.Wanted) { column.Decide(options.DecimalSign, (char)pass.Delimiter, notes); } }
        return new TablePlan(columns, rows, (char)pass.Delimiter);
    }

    public (Table Table, IReadOnlyList<CellRejection> Rejections, long Count) Fill(Pass pass, TableReaderOptions options, List<string> notes, CancellationToken cancellation)
    {
        var rejections = new RejectionList();
        var builders = _columns.Select(plan => plan.Wanted ? ColumnBuilder.For(plan, _rows, options, rejections) : null).ToArray();
        using var stream = pass.Open();
        var tokens = new CsvTokenizer(stream, pass.Delimiter);
        tokens.Read();
        var row = 0;
        while (tokens.Read() && row < _rows)
        {
            if (row % ProgressEvery == 0) { Report(options, pass, tokens.Position, 0.5, cancellation); }
            if (tokens.Count > _columns.Length)
            {
                rejections.Add(row + 1, "", "", $"the row has {tokens.Count} cells, the header {_columns.Length}; none of them is used (is a cell with '{_delimiter}' in it not quoted, or a decimal comma?)");
                foreach (var builder in builders) { builder?.AddMissing(); }
            }
            else
            {
                if (tokens.Count < _columns.Length) { rejections.Add(row + 1, "", "", $"the row has {tokens.Count} cells, the header {_columns.Length}; the last ones are missing"); }
                for (var i = 0; i < builders.Length; i++)
                {
                    if (builders[i] is not { } builder) { continue; }
                    if (i >= tokens.Count || _columns[i].IsMissing(tokens[i])) { builder.AddMissing(); } else { builder.Add(tokens[i], row + 1); }
                }
            }
            row++;
        }
        var columns = new List<Column>();
        foreach (var builder in builders)
        {
            if (builder is null) { continue; }
            if (builder.Build() is { } column) { columns.Add(column); }
            else { notes.Add($"column {builder.Name} has more than {TableReader.MaximumLevels} different texts; it is taken as an identifier and left out"); }
        }
        options.Progress?.Report(1);
        return (new Table(columns), rejections.Listed, rejections.Count);
    }

    private static void Report(TableReaderOptions options, Pass pass, long position, double offset, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (pass.Length > 0) { options.Progress?.Report(offset + (0.5 * Math.Min(1.0, (double)position / pass.Length))); }
    }
}
