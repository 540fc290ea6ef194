using System.Text.Json.Nodes;

namespace BoneMet.Cohorts.Reports;

/// <summary>Leave-one-site-out as forest plots: discrimination and calibration of the model in each site that took no part in fitting it.</summary>
internal static class SitesPicture
{
    private const double Row = 24;
    private const double Width = 980;
    private const double Top = 62;
    private const double Z95 = 1.959963984540054;

    private sealed record Panel(string Key, string Name, double Left, double Right, double Ideal);

    private static readonly Panel[] Panels =
    [
        new("c", "c index", 230, 440, double.NaN), new("calibration_slope", "calibration slope", 485, 695, 1), new("calibration_intercept", "calibration in the large", 740, 950, 0),
    ];

    public static string Draw(JsonObject json)
    {
        var sites = json["leave_one_site_out"]!.AsArray();
        var height = Top + (Row * (sites.Count + 1)) + 62;
        var svg = new Svg("sites", Width, height, "Leave one site out", Description(json, sites.Count));
        svg.Text(16, 40, "Site (events/subjects)", bold: true);
        foreach (var panel in Panels) { Draw(svg, panel, sites, json["leave_one_site_out_pooled"]?[panel.Key] as JsonObject); }
        var y = Top;
        foreach (var site in sites)
        {
            svg.Text(16, y + 4, Short($"{site!["site"]} ({site["events"]}/{site["n"]})"));
            y += Row;
        }
        svg.Text(16, y + 4, "pooled, random effects", bold: true);
        return svg.ToString();
    }

    private static string Description(JsonObject json, int sites)
    {
        var pooled = json["leave_one_site_out_pooled"];
        return $"Each of {sites} sites judged by the model fitted on the others: " + string.Join("; ", Panels.Where(p => pooled?[p.Key] is not null).Select(p => FormattableString.Invariant($"pooled {p.Name} {V(pooled![p.Key]!["value"]):F3} ({V(pooled[p.Key]!["lo"]):F3} to {V(pooled[p.Key]!["hi"]):F3})"))) + ". The same numbers are in the table below.";
    }

    private static void Draw(Svg svg, Panel panel, JsonArray sites, JsonObject? pooled)
    {
        var rows = sites.Select(site => Limits(panel, site!)).ToArray();
        double[] ends = [.. rows.Where(r => r is not null).SelectMany(r => new[] { r!.Value.Low, r.Value.High }), .. double.IsNaN(panel.Ideal) ? Array.Empty<double>() : [panel.Ideal]];
        if (ends.Length == 0) { return; }
        double low = ends.Min(), high = ends.Max(), margin = Math.Max(0.02, (high - low) * 0.06);
        (low, high) = (low - margin, high + margin);
        double X(double value) => panel.Left + ((Math.Clamp(value, low, high) - low) / (high - low) * (panel.Right - panel.Left));
        var bottom = Top + (Row * (sites.Count + 1)) - 6;
        svg.Text((panel.Left + panel.Right) / 2, 40, panel.Name, "middle", bold: true);
        foreach (var tick in Studies.PrettyAxis.Ticks(low, high, 4).Where(t => t >= low && t <= high)) { svg.Line(X(tick), Top - 12, X(tick), bottom, Svg.Grid).Text(X(tick), bottom + 18, tick.ToString("0.##"), "middle", 11, Svg.Muted); }
        if (!double.IsNaN(panel.Ideal)) { svg.Line(X(panel.Ideal), Top - 12, X(panel.Ideal), bottom, Svg.Muted, 1.2, "4 3"); }
        var y = Top;
        foreach (var row in rows)
        {
            if (row is { } limits) { svg.Line(X(limits.Low), y, X(limits.High), y, Svg.Blue, 1.8).Box(X(limits.Value) - 4, y - 4, 8, 8, Svg.Blue); }
            else { svg.Text((panel.Left + panel.Right) / 2, y + 4, "not estimable", "middle", 11, Svg.Muted); }
            y += Row;
        }
        if (pooled is null) { return; }
        if (pooled["prediction_lo"] is not null) { svg.Line(X(V(pooled["prediction_lo"])), y, X(V(pooled["prediction_hi"])), y, Svg.Rust, 1.2, "3 3"); }
        svg.Path([(X(V(pooled["lo"])), y), (X(V(pooled["value"])), y - 6), (X(V(pooled["hi"])), y), (X(V(pooled["value"])), y + 6), (X(V(pooled["lo"])), y)], Svg.Rust, 1, fill: Svg.Rust);
    }

    private static (double Value, double Low, double High)? Limits(Panel panel, JsonNode site)
    {
        if (site[panel.Key] is null || site[$"{panel.Key}_se"] is null) { return null; }
        double value = V(site[panel.Key]), half = Z95 * V(site[$"{panel.Key}_se"]);
        return panel.Key == "c" && site["c_lo"] is { } lo && site["c_hi"] is { } hi ? (value, V(lo), V(hi)) : (value, value - half, value + half);
    }

    private static string Short(string text) => text.Length > 30 ? text[..29] + "…" : text;

    private static double V(JsonNode? node) => node?.GetValue<double>() ?? double.NaN;
}
