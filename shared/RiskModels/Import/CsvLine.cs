using System.Text;

namespace BoneMet.RiskModels;

/// <summary>Splits CSV records (RFC 4180): quoted cells, doubled quotes, line breaks inside quotes.</summary>
internal sealed class CsvLine(TextReader reader, char separator = ',')
{
    private readonly List<string> cells = [];
    private readonly StringBuilder cell = new();

    /// <summary>Number of the line on which the last record began, from 1.</summary>
    public int Line { get; private set; }

    private int next = 1;

    /// <summary>The next record; null at the end. The list is reused by the next call.</summary>
    public List<string>? Read()
    {
        var line = reader.ReadLine();
        if (line is null) { return null; }
        Line = next++;
        cells.Clear();
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            var start = 0;
            while (true)
            {
                var end = line.IndexOf(separator, start);
                if (end < 0)
                {
                    cells.Add(line[start..]);
                    return cells;
                }
                cells.Add(line[start..end]);
                start = end + 1;
            }
        }
        Quoted(line);
        return cells;
    }

    private void Quoted(string line)
    {
        var inside = false;
        cell.Clear();
        while (true)
        {
            for (var i = 0; i < line.Length; i++)
            {
                var c = line[i];
                if (c == '"')
                {
                    if (inside && i + 1 < line.Length && line[i + 1] == '"')
                    {
                        cell.Append('"');
                        i++;
                    }
                    else { inside = !inside; }
                }
                else if (c == separator && !inside)
                {
                    cells.Add(cell.ToString());
                    cell.Clear();
                }
                else { cell.Append(c); }
            }
            if (!inside || reader.ReadLine() is not { } more) { break; }
            next++;
            cell.Append('\n');
            line = more;
        }
        cells.Add(cell.ToString());
    }
}
