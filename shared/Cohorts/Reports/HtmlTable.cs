using System.Text;

namespace BoneMet.Cohorts.Reports;

/// <summary>A plain table with a caption, column heads and row heads, for people and for screen readers. Every cell is text.</summary>
internal static class HtmlTable
{
    public static void Append(StringBuilder page, string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        page.Append("<div class=\"scroll\"><table><caption>").Append(Svg.E(caption)).Append("</caption><thead><tr>");
        foreach (var name in head) { page.Append("<th scope=\"col\">").Append(Svg.E(name)).Append("</th>"); }
        page.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            page.Append("<tr><th scope=\"row\">").Append(Svg.E(row[0])).Append("</th>");
            foreach (var cell in row.Skip(1)) { page.Append(cell.Length > 0 && char.IsLetter(cell[0]) ? "<td class=\"words\">" : "<td class=\"number\">").Append(Svg.E(cell)).Append("</td>"); }
            page.Append("</tr>");
        }
        page.Append("</tbody></table></div>");
    }

    /// <summary>The same, folded away: the twin of a picture.</summary>
    public static void Folded(StringBuilder page, string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        page.Append("<details class=\"twin\"><summary>The numbers of this picture</summary>");
        Append(page, caption, head, rows);
        page.Append("</details>");
    }
}
