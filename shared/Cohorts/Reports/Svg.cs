using System.Globalization;
using System.Net;
using System.Text;

namespace BoneMet.Cohorts.Reports;

/// <summary>Builds one accessible inline SVG: a title and a description for readers who do not see it, no outside reference.</summary>
internal sealed class Svg
{
    public const string Ink = "#1c2733";
    public const string Muted = "#5b6875";
    public const string Grid = "#e3e8ed";
    public const string Blue = "#1f5f8b";
    public const string Rust = "#b8430a";

    private readonly StringBuilder _text = new();

    public Svg(string id, double width, double height, string title, string description)
    {
        Width = width;
        Height = height;
        _text.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {F(width)} {F(height)}" width="{F(width)}" height="{F(height)}" role="img" aria-labelledby="{id}-t {id}-d" font-family="system-ui, 'Noto Sans', 'Noto Sans CJK SC', sans-serif" font-size="12">""")
            .Append(CultureInfo.InvariantCulture, $"""<title id="{id}-t">{E(title)}</title><desc id="{id}-d">{E(description)}</desc>""")
            .Append(CultureInfo.InvariantCulture, $"""<rect width="{F(width)}" height="{F(height)}" fill="#ffffff"/>""");
    }

    public double Width { get; }

    public double Height { get; }

    public Svg Line(double x1, double y1, double x2, double y2, string stroke = Ink, double width = 1, string? dash = null)
    {
        _text.Append(CultureInfo.InvariantCulture, $"""<line x1="{F(x1)}" y1="{F(y1)}" x2="{F(x2)}" y2="{F(y2)}" stroke="{stroke}" stroke-width="{F(width)}"{(dash is null ? "" : $" stroke-dasharray=\"{dash}\"")}/>""");
        return this;
    }

    public Svg Path(IEnumerable<(double X, double Y)> points, string stroke, double width = 2, string? dash = null, string fill = "none", double opacity = 1)
    {
        var first = true;
        _text.Append("<path d=\"");
        foreach (var (x, y) in points)
        {
            _text.Append(first ? 'M' : 'L').Append(F(x)).Append(' ').Append(F(y));
            first = false;
        }
        _text.Append('"').Append(CultureInfo.InvariantCulture, $"""" stroke="{stroke}" stroke-width="{F(width)}" fill="{fill}" stroke-linejoin="round"{(dash is null ? "" : $" stroke-dasharray=\"{dash}\"")}{(opacity < 1 ? $" fill-opacity=\"{F(opacity)}\"" : "")}/>"""");
        return this;
    }

    public Svg Circle(double x, double y, double radius, string fill = Blue)
    {
        _text.Append(CultureInfo.InvariantCulture, $"""<circle cx="{F(x)}" cy="{F(y)}" r="{F(radius)}" fill="{fill}"/>""");
        return this;
    }

    public Svg Box(double x, double y, double width, double height, string fill)
    {
        _text.Append(CultureInfo.InvariantCulture, $"""<rect x="{F(x)}" y="{F(y)}" width="{F(Math.Max(0, width))}" height="{F(Math.Max(0, height))}" fill="{fill}"/>""");
        return this;
    }

    public Svg Text(double x, double y, string text, string anchor = "start", double size = 12, string fill = Ink, bool bold = false, double rotate = 0)
    {
        var turn = rotate == 0 ? "" : $" transform=\"rotate({F(rotate)} {F(x)} {F(y)})\"";
        _text.Append(CultureInfo.InvariantCulture, $"""<text x="{F(x)}" y="{F(y)}" text-anchor="{anchor}" font-size="{F(size)}" fill="{fill}"{(bold ? " font-weight=\"600\"" : "")}{turn}>{E(text)}</text>""");
        return this;
    }

    public override string ToString() => _text + "</svg>";

    public static string E(string text) => WebUtility.HtmlEncode(text);

    public static string F(double value) => double.IsFinite(value) ? Math.Round(value, 2).ToString(CultureInfo.InvariantCulture) : "0";
}
