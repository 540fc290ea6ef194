using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Reports;

/// <summary>A nomogram: points above, one line for each factor, total points and risk below.</summary>
internal static class NomogramPicture
{
    private const double Width = 980;
    private const double Left = 190;
    private const double Right = 950;
    private const double Line = 46;
    private const double Narrow = 26;

    public static string Draw(NomogramDrawing nomogram, string id = "nomogram")
    {
        var height = 60 + (Line * (nomogram.Axes.Count + 3)) + 24;
        var svg = new Svg(id, Width, height, "Nomogram", $"Points for {nomogram.Axes.Count} factors; their sum on the total points axis stands above the predicted risk. The same numbers are in the table of results.");
        double X(double points) => Left + (points / 100 * (Right - Left));
        var y = 44.0;
        Axis(svg, y, "Points", [.. Enumerable.Range(0, 11).Select(k => (k * 10.0, (k * 10).ToString()))], X, bold: true);
        foreach (var axis in nomogram.Axes)
        {
            y += Line;
            Axis(svg, y, axis.Factor, [.. axis.Points.Zip(axis.Labels)], X);
        }
        var end = nomogram.Total[^1];
        double T(double total) => Left + (total / end * (Right - Left));
        y += Line;
        Axis(svg, y, "Total points", [.. nomogram.Total.Select(t => (t, t.ToString("G4")))], T, bold: true);
        y += Line;
        Axis(svg, y, "Risk", [.. nomogram.Risk.Where(r => r.Points >= 0 && r.Points <= end).Select(r => (r.Points, (100 * r.Value).ToString("G3") + " %"))], T, bold: true);
        svg.Text(Left, y + 44, "Add the points of each factor; read the risk below their sum.", size: 11, fill: Svg.Muted);
        return svg.ToString();
    }

    private static void Axis(Svg svg, double y, string name, (double At, string Label)[] ticks, Func<double, double> x, bool bold = false)
    {
        svg.Text(Left - 16, y + 4, name.Length > 24 ? name[..23] + "…" : name, "end", bold: bold);
        if (ticks.Length == 0) { return; }
        svg.Line(x(ticks.Min(t => t.At)), y, x(ticks.Max(t => t.At)), y, Svg.Ink, 1.2);
        var lastUp = double.NegativeInfinity;
        var lastDown = double.NegativeInfinity;
        foreach (var (at, label) in ticks.OrderBy(t => t.At))
        {
            var position = x(at);
            svg.Line(position, y - 4, position, y + 4, Svg.Ink);
            var half = Math.Max(Narrow, 7.0 * label.Length) / 2;
            if (position - half >= lastUp)
            {
                svg.Text(position, y - 8, label, "middle", 11);
                lastUp = position + half;
            }
            else if (position - half >= lastDown)
            {
                svg.Text(position, y + 17, label, "middle", 11);
                lastDown = position + half;
            }
        }
    }
}
