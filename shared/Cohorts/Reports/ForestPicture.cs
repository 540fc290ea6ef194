using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Regression;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Reports;

/// <summary>Odds ratios with their intervals on a logarithmic axis.</summary>
internal static class ForestPicture
{
    private const double Row = 22;
    private const int MaximumRows = 120;

    private sealed record Entry(string Label, double Ratio, double Low, double High, string Note, bool Head = false, bool Diamond = false, bool Outer = false);

    /// <summary>The terms of a model; numbers per unit.</summary>
    public static string Model(FittedModel model)
    {
        var entries = new List<Entry>();
        foreach (var term in model.Design.Terms)
        {
            if (term.Kind == TermKind.Categorical)
            {
                entries.Add(new(term.Name, double.NaN, 0, 0, "", Head: true));
                entries.Add(new($"{term.Levels[0]} (reference, {term.LevelCounts[0]})", 1, 1, 1, "1"));
                for (var level = 1; level < term.Levels.Length; level++) { entries.Add(Of($"{term.Levels[level]} ({term.LevelCounts[level]})", model.Fit, term.Columns[level - 1] + 1)); }
                continue;
            }
            if (term.Kind == TermKind.Spline)
            {
                entries.Add(new($"{term.Name}: spline with {term.Knots.Length} knots", double.NaN, 0, 0, "see the nomogram", Outer: true));
                continue;
            }
            foreach (var column in term.Columns) { entries.Add(Of(model.Design.Names[column] + (term.Unit is null ? "" : $", per {term.Unit}"), model.Fit, column + 1) with { Outer = true }); }
        }
        return Draw("forest", "Odds ratios of the model", $"Odds ratios with 95 % confidence intervals of {entries.Count(e => !e.Head)} terms.", entries);
    }

    /// <summary>Each factor in each stratum with the pooled effect.</summary>
    public static string Strata(JsonObject json)
    {
        var entries = new List<Entry>();
        foreach (var factor in json["strata"]!["factors"]!.AsArray())
        {
            entries.Add(new($"{factor!["term"]}: {factor["verdict"]}", double.NaN, 0, 0, "", Head: true));
            foreach (var effect in factor["effects"]!.AsArray())
            {
                entries.Add(effect!["or"] is { } ratio ? new($"{effect["stratum"]} ({effect["events"]}/{effect["n"]})", ratio.GetValue<double>(), V(effect["lo"]), V(effect["hi"]), Text(V(ratio), V(effect["lo"]), V(effect["hi"])))
                    : new($"{effect["stratum"]} ({effect["events"]}/{effect["n"]})", double.NaN, 0, 0, "not estimable"));
            }
            if (factor["pooled"] is { } pooled)
            {
                entries.Add(new($"pooled, I² {100 * V(pooled["i2"]):F0} %", V(pooled["random_or"]), V(pooled["random_lo"]), V(pooled["random_hi"]), Text(V(pooled["random_or"]), V(pooled["random_lo"]), V(pooled["random_hi"])), Diamond: true));
            }
        }
        return Draw("strata", "Factors across strata", $"Odds ratios of {json["strata"]!["factors"]!.AsArray().Count} terms in {json["strata"]!["levels"]!.AsArray().Count} strata, pooled with random effects.", entries);
    }

    private static Entry Of(string label, LogisticFit fit, int j)
    {
        double beta = fit.Coefficients[j], half = Wald.Z95 * fit.StandardErrors[j];
        return new(label, Math.Exp(beta), Math.Exp(beta - half), Math.Exp(beta + half), Text(Math.Exp(beta), Math.Exp(beta - half), Math.Exp(beta + half)));
    }

    private static string Draw(string id, string title, string description, List<Entry> entries)
    {
        var hidden = Math.Max(0, entries.Count - MaximumRows);
        entries = [.. entries.Take(MaximumRows)];
        const double width = 860, left = 300, right = 640;
        var height = 60 + (Row * (entries.Count + (hidden > 0 ? 1 : 0))) + 44;
        var drawn = entries.Where(e => double.IsFinite(e.Ratio)).ToArray();
        var low = Math.Max(1e-3, Math.Min(0.5, drawn.Select(e => e.Low).DefaultIfEmpty(0.5).Min()));
        var high = Math.Min(1e3, Math.Max(2, drawn.Select(e => e.High).DefaultIfEmpty(2).Max()));
        double X(double value) => left + ((Math.Log(Math.Clamp(value, low, high)) - Math.Log(low)) / (Math.Log(high) - Math.Log(low)) * (right - left));
        var svg = new Svg(id, width, height, title, description);
        svg.Text(16, 26, "Factor", bold: true).Text((left + right) / 2, 26, "odds ratio, logarithmic", "middle", fill: Svg.Muted).Text(width - 16, 26, "OR (95 % CI)", "end", bold: true).Line(16, 36, width - 16, 36, Svg.Ink);
        var bottom = 48 + (Row * entries.Count);
        foreach (var tick in ((double[])[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]).Where(t => t >= low && t <= high))
        {
            svg.Line(X(tick), 40, X(tick), bottom, tick == 1 ? Svg.Muted : Svg.Grid, tick == 1 ? 1.2 : 1).Text(X(tick), bottom + 18, tick.ToString("G3"), "middle", 11, Svg.Muted);
        }
        var y = 56.0;
        foreach (var entry in entries)
        {
            svg.Text(entry.Head || entry.Outer ? 16 : 32, y + 4, Short(entry.Label), bold: entry.Head || entry.Outer);
            if (double.IsFinite(entry.Ratio))
            {
                if (entry.Diamond) { svg.Path([(X(entry.Low), y), (X(entry.Ratio), y - 6), (X(entry.High), y), (X(entry.Ratio), y + 6), (X(entry.Low), y)], Svg.Rust, 1, fill: Svg.Rust); }
                else { svg.Line(X(entry.Low), y, X(entry.High), y, Svg.Blue, 1.8).Box(X(entry.Ratio) - 4, y - 4, 8, 8, Svg.Blue); }
            }
            svg.Text(width - 16, y + 4, entry.Note, "end", fill: double.IsFinite(entry.Ratio) ? Svg.Ink : Svg.Muted);
            y += Row;
        }
        if (hidden > 0) { svg.Text(16, y + 26, $"{hidden} more rows are in the table of results.", fill: Svg.Muted); }
        return svg.ToString();
    }

    private static string Short(string label) => label.Length > 44 ? label[..43] + "…" : label;

    private static string Text(double ratio, double low, double high) => $"{G(ratio)} ({G(low)} to {G(high)})";

    private static string G(double value) => value >= 1000 ? "> 1000" : value >= 100 ? value.ToString("F0") : value >= 10 ? value.ToString("F1") : value >= 0.1 || value == 0 ? (Math.Abs(value - 1) < 0.05 ? value.ToString("F3") : value.ToString("F2")) : value.ToString("G2");

    private static double V(JsonNode? node) => node?.GetValue<double>() ?? double.NaN;
}
