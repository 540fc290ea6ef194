using System.Globalization;
using System.Text;

namespace BoneMet.Statistics.Tables;

/// <summary>Writes a table as CSV: UTF-8, commas, numbers in their shortest exact form, empty cells for missing values.</summary>
public static class TableWriter
{
    /// <summary>Writes header and rows.</summary>
    public static void Write(Table table, TextWriter output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(string.Join(',', table.Columns.Select(c => Quote(c.Name))));
        output.Write('\n');
        var levels = table.Columns.Select(c => (c as CategoricalColumn)?.Levels.Select(Quote).ToArray()).ToArray();
        var line = new StringBuilder();
        for (var row = 0; row < table.Rows; row++)
        {
            if (row % 8192 == 0) { cancellation.ThrowIfCancellationRequested(); }
            line.Clear();
            for (var j = 0; j < table.Columns.Count; j++)
            {
                if (j > 0) { line.Append(','); }
                switch (table.Columns[j])
                {
                    case NumericColumn number when !double.IsNaN(number.Values[row]): line.Append(CultureInfo.InvariantCulture, $"{number.Values[row]:R}"); break;
                    case CategoricalColumn factor when factor.Codes[row] >= 0: line.Append(levels[j]![factor.Codes[row]]); break;
                    case DateColumn date when date.Days[row] != DateColumn.Missing: line.Append(CultureInfo.InvariantCulture, $"{DateOnly.FromDayNumber(date.Days[row]):yyyy-MM-dd}"); break;
                    default: break;
                }
            }
            output.Write(line.Append('\n'));
        }
    }

    /// <summary>Quotes where RFC 4180 asks for it; a text that a spreadsheet would run as a formula is quoted as text.</summary>
    private static string Quote(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
