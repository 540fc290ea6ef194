using SkiaSharp;

namespace BoneMet.RiskModels;

/// <summary>The nomogram as a PDF page (A4; landscape unless it is long), the same layout as the SVG, fonts embedded.</summary>
public static class NomogramPdf
{
    private const float Long = 842;
    private const float Short = 595;
    private const float Margin = 28;

    /// <summary>One page with the whole nomogram.</summary>
    /// <exception cref="NotSupportedException">No installed font can write the language.</exception>
    public static byte[] Draw(NomogramGeometry geometry, Prediction? prediction = null, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(geometry);
        if (ReportFonts.Hindrance(language) is { } reason) { throw new NotSupportedException($"The PDF cannot be written in '{language}': {reason}."); }
        var layout = new NomogramLayout(geometry, prediction, language);
        var upright = layout.Height > 700;
        var (width, height) = upright ? (Short, Long) : (Long, Short);
        return PdfFonts.Write(geometry.Title.In(language), (document, fonts) =>
        {
            var canvas = document.BeginPage(width, height);
            var scale = Math.Min((width - (2 * Margin)) / (float)NomogramLayout.Width, (height - (2 * Margin)) / (float)layout.Height);
            canvas.Translate(Margin, Margin);
            canvas.Scale(scale);
            Paint(new PdfCanvas(canvas, fonts), layout, geometry, prediction, language);
            document.EndPage();
        });
    }

    internal static void Paint(PdfCanvas page, NomogramLayout layout, NomogramGeometry geometry, Prediction? prediction, string language)
    {
        page.Text(geometry.Title.In(language), 16, 24, 14, bold: true);
        page.Text($"{geometry.ModelId} {geometry.ModelVersion} · {NomogramWords.ResearchUse(language)}", 16, 42, NomogramLayout.Font);
        foreach (var row in layout.Rows)
        {
            if (row.MarkX is { } x) { page.Line(x, layout.PointsY, x, row.Y, 0.7, dashed: true); }
        }
        if (layout.TotalX is { } sum && prediction is not null) { page.Line(sum, layout.TotalY, sum, layout.Rows[^1].Y + 5, 1.6); }
        foreach (var row in layout.Rows)
        {
            var axis = row.Axis;
            var lines = row.Labels;
            for (var i = 0; i < lines.Count; i++) { page.Text(lines[i], NomogramLayout.LabelRight, row.Y + 4 + ((i - ((lines.Count - 1) / 2.0)) * NomogramLayout.LabelLine), NomogramLayout.Font, 1, axis.Kind != "factor"); }
            page.Line(layout.X(axis.Kind, axis.From), row.Y, Math.Max(layout.X(axis.Kind, axis.To), layout.X(axis.Kind, axis.From) + 0.5), row.Y, axis.Kind == "factor" ? 1 : 1.3);
            foreach (var word in row.Words)
            {
                var side = word.Above ? -1 : 1;
                page.Line(word.X, row.Y, word.X, row.Y + (side * 5));
                if (word.Line < 0) { continue; }
                var textY = NomogramLayout.TextY(row, word);
                if (word.Line > 0) { page.Line(word.X, row.Y + (side * 5), word.Centre, word.Above ? textY + 2 : textY - 9, 0.5); }
                page.Text(word.Text, word.Centre, textY, NomogramLayout.Font - 1, 0, edged: true);
            }
            if (row.MarkX is { } mark) { page.Diamond(mark, row.Y, 5.5, !row.MarkAssumed); }
        }
        if (layout.TotalX is { } total && prediction is not null)
        {
            page.Diamond(total, layout.TotalY, 5.5, filled: true);
        }
        page.Text(NomogramWords.Summary(prediction, language), 16, layout.Height - 12, NomogramLayout.Font);
    }
}
