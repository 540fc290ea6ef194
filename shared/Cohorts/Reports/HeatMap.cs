namespace BoneMet.Cohorts.Reports;

/// <summary>A table of shares as shades: the number stands in every cell, so that no reader depends on colour.</summary>
internal static class HeatMap
{
    private const double RowHeight = 26;
    private const double Left = 190;
    private const double HeadHeight = 118;
    private const double FaintShare = 0.35;

    /// <summary>A cell: its number, what is written into it, and whether it is framed.</summary>
    internal sealed record Cell(double Value, string Text, bool Framed = false, bool Faint = false);

    /// <summary>Draws; a value from <paramref name="low"/> (white) to <paramref name="high"/> (full colour). Null cells are hatched out with a dash.</summary>
    public static string Draw(string id, string title, string description, IReadOnlyList<string> rows, IReadOnlyList<string> columns, Cell?[,] cells, double low, double high)
    {
        var cellWidth = Math.Clamp(780.0 / columns.Count, 46, 96);
        var width = Left + (cellWidth * columns.Count) + 70;
        var svg = new Svg(id, width, HeadHeight + (RowHeight * rows.Count) + 16, title, description);
        for (var c = 0; c < columns.Count; c++) { svg.Text(Left + (cellWidth * c) + (cellWidth / 2) + 4, HeadHeight - 10, Short(columns[c], 22), rotate: -38); }
        for (var r = 0; r < rows.Count; r++)
        {
            var y = HeadHeight + (RowHeight * r);
            svg.Text(Left - 10, y + (RowHeight / 2) + 4, Short(rows[r], 28), "end");
            for (var c = 0; c < columns.Count; c++)
            {
                var x = Left + (cellWidth * c);
                var cell = cells[r, c];
                var share = cell is null || !double.IsFinite(cell.Value) ? 0 : Math.Clamp((cell.Value - low) / (high - low), 0, 1) * (cell.Faint ? FaintShare : 1);
                svg.Box(x + 1, y + 1, cellWidth - 2, RowHeight - 2, cell is null ? "#f1f3f5" : Shade(share));
                if (cell is { Framed: true }) { svg.Path([(x + 2, y + 2), (x + cellWidth - 2, y + 2), (x + cellWidth - 2, y + RowHeight - 2), (x + 2, y + RowHeight - 2), (x + 2, y + 2)], Svg.Rust, 2.2); }
                svg.Text(x + (cellWidth / 2), y + (RowHeight / 2) + 4, cell?.Text ?? "–", "middle", 11.5, cell is null || cell.Faint ? Svg.Muted : share > 0.55 ? "#ffffff" : Svg.Ink, bold: cell is { Framed: true });
            }
        }
        return svg.ToString();
    }

    /// <summary>From white to the blue of the charts.</summary>
    private static string Shade(double share)
    {
        int Mix(int to) => (int)Math.Round(255 + ((to - 255) * share));
        return $"#{Mix(0x1f):x2}{Mix(0x5f):x2}{Mix(0x8b):x2}";
    }

    private static string Short(string text, int length) => text.Length > length ? text[..(length - 1)] + "…" : text;
}
