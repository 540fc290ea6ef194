using System.Net;
using System.Text;

namespace BoneMet.RiskModels;

/// <summary>A page under construction; everything that is not markup is escaped.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder text = new(32 * 1024);

    public HtmlText Raw(string markup)
    {
        text.Append(markup);
        return this;
    }

    public HtmlText Text(string? words)
    {
        text.Append(WebUtility.HtmlEncode(words));
        return this;
    }

    /// <summary>An element with escaped content.</summary>
    public HtmlText Element(string name, string? words, string attributes = "") =>
        Raw($"<{name}{(attributes.Length > 0 ? " " + attributes : "")}>").Text(words).Raw($"</{name}>");

    /// <summary>A table with a caption; first column is the row header.</summary>
    public HtmlText Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string?>> rows, string? foot = null)
    {
        Raw("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"").Text(caption).Raw("\"><table>").Element("caption", caption).Raw("<thead><tr>");
        foreach (var head in heads) { Element("th", head, "scope=\"col\""); }
        Raw("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            Raw("<tr>");
            for (var i = 0; i < row.Count; i++) { Element(i == 0 ? "th" : "td", row[i], i == 0 ? "scope=\"row\"" : ""); }
            Raw("</tr>");
        }
        Raw("</tbody>");
        if (foot is not null) { Raw(foot); }
        return Raw("</table></div>\n");
    }

    public override string ToString() => text.ToString();
}
