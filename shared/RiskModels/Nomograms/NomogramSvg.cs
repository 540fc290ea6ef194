using System.Globalization;
using System.Net;
using System.Text;

namespace BoneMet.RiskModels;

/// <summary>
/// Draws a nomogram as SVG: black on white, readable on paper; a patient's values as diamonds with dashed lines up to the points scale, the total as a
/// solid line through total points down to the probability. Axes and ticks carry data-* attributes, so that a program can read the picture back.
/// </summary>
public static class NomogramSvg
{
    private const string Fonts = "'DejaVu Sans','Noto Sans','Noto Sans CJK SC','Microsoft YaHei',Arial,sans-serif";

    /// <summary>The picture.</summary>
    /// <param name="geometry">From <see cref="NomogramGeometry.Compute"/>.</param>
    /// <param name="prediction">This patient's marks; null draws the empty nomogram.</param>
    /// <param name="language">"en", "zh" or "ru".</param>
    public static string Draw(NomogramGeometry geometry, Prediction? prediction = null, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(geometry);
        var layout = new NomogramLayout(geometry, prediction, language);
        var svg = new StringBuilder(16 * 1024);
        var title = geometry.Title.In(language);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(NomogramLayout.Width)} {N(layout.Height)}\" width=\"{N(NomogramLayout.Width)}\" height=\"{N(layout.Height)}\" role=\"img\" aria-labelledby=\"nomogram-title nomogram-desc\" font-family=\"{Fonts}\" font-size=\"{N(NomogramLayout.Font)}\" lang=\"{(language == "zh" ? "zh-CN" : language)}\" data-model=\"{E(geometry.ModelId)}\" data-version=\"{E(geometry.ModelVersion)}\">\n");
        svg.Append($"<title id=\"nomogram-title\">{E(title)}</title>\n<desc id=\"nomogram-desc\">{E(NomogramWords.Describe(geometry, prediction, language))}</desc>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{N(NomogramLayout.Width)}\" height=\"{N(layout.Height)}\" fill=\"#fff\"/>\n<text x=\"16\" y=\"24\" font-size=\"14\" font-weight=\"bold\">{E(title)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"16\" y=\"42\" fill=\"#333\">{E(geometry.ModelId)} {E(geometry.ModelVersion)} · {E(NomogramWords.ResearchUse(language))}</text>\n");

        // Many drop lines would hide the axes: they fade as they grow in number.
        var drop = layout.Rows.Count(r => r.MarkX is not null) > 12 ? "#bbb" : "#555";
        foreach (var row in layout.Rows)
        {
            if (row.MarkX is { } x)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{N(x)}\" y1=\"{N(layout.PointsY)}\" x2=\"{N(x)}\" y2=\"{N(row.Y)}\" stroke=\"{drop}\" stroke-width=\"0.7\" stroke-dasharray=\"3 3\" data-drop=\"\"/>\n");
            }
        }
        if (layout.TotalX is { } sum && prediction is not null)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{N(sum)}\" y1=\"{N(layout.TotalY)}\" x2=\"{N(sum)}\" y2=\"{N(layout.Rows[^1].Y + 5)}\" stroke=\"#000\" stroke-width=\"1.6\" data-drop=\"\"/>\n");
        }

        // The lines lie beneath the words, which have a white edge: a value stays readable where a line crosses it.
        foreach (var row in layout.Rows) { Axis(svg, layout, row); }
        if (layout.TotalX is { } total && prediction is not null)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{Diamond(total, layout.TotalY, 5.5)}\" fill=\"#000\" data-mark=\"total\" data-points=\"{R(prediction.TotalPoints!.Value)}\"/>\n");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"16\" y=\"{N(layout.Height - 12)}\" fill=\"#333\" data-summary=\"\">{E(NomogramWords.Summary(prediction, language))}</text>\n</svg>\n");
        return svg.ToString();
    }

    private static void Axis(StringBuilder svg, NomogramLayout layout, NomogramLayout.Row row)
    {
        var axis = row.Axis;
        var y = row.Y;
        var from = layout.X(axis.Kind, axis.From);
        var to = layout.X(axis.Kind, axis.To);
        svg.Append(CultureInfo.InvariantCulture, $"<g data-kind=\"{axis.Kind}\" data-y=\"{N(y)}\"{(axis.Factor is { } factor ? $" data-factor=\"{E(factor)}\" data-line=\"{axis.Line}\"" : "")}{(axis.Months is { } months ? $" data-months=\"{R(months)}\"" : "")}>\n");
        var lines = row.Labels;
        for (var i = 0; i < lines.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{N(NomogramLayout.LabelRight)}\" y=\"{N(y + 4 + ((i - ((lines.Count - 1) / 2.0)) * NomogramLayout.LabelLine))}\" text-anchor=\"end\"{(axis.Kind == "factor" ? "" : " font-weight=\"bold\"")}>{E(lines[i])}</text>\n");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{N(from)}\" y1=\"{N(y)}\" x2=\"{N(Math.Max(to, from + 0.5))}\" y2=\"{N(y)}\" stroke=\"#000\" stroke-width=\"{(axis.Kind == "factor" ? "1" : "1.3")}\"/>\n");
        foreach (var word in row.Words)
        {
            var side = word.Above ? -1 : 1;
            var tick = axis.Ticks[word.Tick];
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{N(word.X)}\" y1=\"{N(y)}\" x2=\"{N(word.X)}\" y2=\"{N(y + (side * 5))}\" stroke=\"#000\" data-x=\"{R(word.X)}\" data-points=\"{R(tick.Position)}\" data-value=\"{E(tick.Value is { } v ? R(v) : tick.Text.En)}\"/>\n");
            if (word.Line < 0) { continue; }
            var textY = NomogramLayout.TextY(row, word);
            if (word.Line > 0) { svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{N(word.X)}\" y1=\"{N(y + (side * 5))}\" x2=\"{N(word.Centre)}\" y2=\"{N(word.Above ? textY + 2 : textY - 9)}\" stroke=\"#999\" stroke-width=\"0.6\"/>\n"); }
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{N(word.Centre)}\" y=\"{N(textY)}\" text-anchor=\"middle\" font-size=\"{N(NomogramLayout.Font - 1)}\" stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\">{E(word.Text)}</text>\n");
        }
        foreach (var turn in axis.Turns)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<desc data-turn=\"{R(turn)}\">{E(NomogramWords.Turn(turn, layout.Language))}</desc>\n");
        }
        if (row.MarkX is { } x)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{Diamond(x, y, 5.5)}\" fill=\"{(row.MarkAssumed ? "#fff" : "#000")}\" stroke=\"#000\" stroke-width=\"1.2\" data-mark=\"factor\" data-points=\"{R(row.MarkPoints)}\"><title>{E($"{row.MarkText}: {row.MarkPoints:0.0}")}</title></path>\n");
        }
        svg.Append("</g>\n");
    }

    internal static List<string> Wrap(string text, double ems)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in Words(text))
        {
            if (line.Length > 0 && TextWidth.Em(line + word) > ems)
            {
                lines.Add(line.TrimEnd());
                line = "";
            }
            line += word;
        }
        lines.Add(line.TrimEnd());
        return lines;
    }

    internal static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ' || text[i] >= '\u2E80')
            {
                yield return text[start..(i + 1)];
                start = i + 1;
            }
        }
        if (start < text.Length) { yield return text[start..]; }
    }

    private static string Diamond(double x, double y, double r) => $"M{N(x)} {N(y - r)}L{N(x + r)} {N(y)}L{N(x)} {N(y + r)}L{N(x - r)} {N(y)}Z";

    private static string N(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static string R(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string E(string text) => WebUtility.HtmlEncode(Clean(text));

    // XML has no place for control characters.
    private static string Clean(string text) => text.Any(c => c < ' ' || char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF')
        ? new string([.. text.Where(c => c >= ' ' && !char.IsSurrogate(c) && c is not ('\uFFFE' or '\uFFFF'))])
        : text;
}
