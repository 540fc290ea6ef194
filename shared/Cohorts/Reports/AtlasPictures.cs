using System.Text.Json.Nodes;

namespace BoneMet.Cohorts.Reports;

/// <summary>Pictures of an atlas: which factor matters in which cancer type, own against common model, models carried to other types, factors that go together.</summary>
internal static class AtlasPictures
{
    private const double Significant = 0.05;

    public static void Add(JsonObject json, Dictionary<string, string> pictures)
    {
        var atlas = json["atlas"]!;
        var types = atlas["types"]!.AsArray();
        string[] names = [.. types.Select(t => T(t!["type"]))];
        pictures["atlas-factors"] = Factors(types, names);
        pictures["atlas-models"] = Models(types);
        pictures["atlas-transport"] = Transport(atlas["transport"]!.AsArray(), names);
        pictures["atlas-associations"] = Associations(atlas["associations"]!.AsObject());
    }

    /// <summary>Factors by the number of types that chose them, then by their best AUC.</summary>
    public static string[] Order(JsonArray types)
    {
        var factors = types[0]!["screen"]!.AsArray().Select(r => T(r!["factor"])).ToArray();
        return [.. factors.OrderByDescending(f => types.Count(t => Chosen(t!, f))).ThenByDescending(f => types.Max(t => V(Row(t!, f)["auc"]) is var auc && double.IsNaN(auc) ? 0 : auc))];
    }

    public static JsonNode Row(JsonNode type, string factor) => type["screen"]!.AsArray().First(r => T(r!["factor"]) == factor)!;

    public static bool Chosen(JsonNode type, string factor) => type["features"]!.AsArray().Any(f => T(f) == factor);

    private static string Factors(JsonArray types, string[] names)
    {
        var factors = Order(types);
        var cells = new HeatMap.Cell?[factors.Length, types.Count];
        for (var r = 0; r < factors.Length; r++)
        {
            for (var c = 0; c < types.Count; c++)
            {
                var row = Row(types[c]!, factors[r]);
                if (row["auc"] is null) { continue; }
                cells[r, c] = new(V(row["auc"]), V(row["auc"]).ToString("0.00"), Chosen(types[c]!, factors[r]), Faint: !(V(row["p_bh"]) < Significant));
            }
        }
        return HeatMap.Draw("atlas-factors", "Which factor matters in which cancer type",
            $"AUC of each of {factors.Length} factors by itself in each of {types.Count} cancer types, 0.50 white to 0.75 blue; a frame marks the factors of the type's own set. The same numbers are in the table below.", factors, names, cells, 0.5, 0.75);
    }

    private static string Models(JsonArray types)
    {
        const double width = 860, left = 240, right = 660, row = 34;
        var height = 66 + (row * types.Count) + 58;
        double[] ends = [.. types.SelectMany(t => new[] { V(t!["cross_validated"]?["lo"]), V(t["cross_validated"]?["hi"]), V(t["common_model"]?["lo"]), V(t["common_model"]?["hi"]) }).Where(double.IsFinite)];
        double low = Math.Min(0.5, ends.DefaultIfEmpty(0.5).Min()), high = Math.Min(1, ends.DefaultIfEmpty(1).Max() + 0.01);
        double X(double value) => left + ((value - low) / (high - low) * (right - left));
        var svg = new Svg("atlas-models", width, height, "Own model against one model for all", "Cross-validated AUC with 95 % intervals in each cancer type: square, the type's own factors and coefficients; circle, one model fitted to all types. The same numbers are in the table.");
        svg.Text(16, 26, "Cancer type (events/subjects)", bold: true).Box(left, 16, 9, 9, Svg.Rust).Text(left + 15, 26, "own model").Circle(left + 112, 21, 4.5).Text(left + 122, 26, "one model for all types").Text(width - 16, 26, "difference (p)", "end", bold: true);
        var bottom = 48 + (row * types.Count);
        foreach (var tick in Studies.PrettyAxis.Ticks(low, high, 5).Where(t => t >= low && t <= high)) { svg.Line(X(tick), 42, X(tick), bottom, Svg.Grid).Text(X(tick), bottom + 18, tick.ToString("0.##"), "middle", 11, Svg.Muted); }
        svg.Text((left + right) / 2, bottom + 38, "area under the curve, subjects not used for choosing or fitting", "middle", 11, Svg.Muted);
        var y = 66.0;
        foreach (var type in types)
        {
            svg.Text(16, y + 4, $"{Short(T(type!["type"]))} ({type["events"]}/{type["n"]})");
            if (type["cross_validated"]?["auc"] is { } own) { svg.Line(X(V(type["cross_validated"]!["lo"])), y - 5, X(V(type["cross_validated"]!["hi"])), y - 5, Svg.Rust, 1.8).Box(X(V(own)) - 4.5, y - 9.5, 9, 9, Svg.Rust); }
            if (type["common_model"]?["auc"] is { } common) { svg.Line(X(V(type["common_model"]!["lo"])), y + 6, X(V(type["common_model"]!["hi"])), y + 6, Svg.Blue, 1.8).Circle(X(V(common)), y + 6, 4.5); }
            svg.Text(width - 16, y + 4, type["own_against_common"]?["difference"] is { } d ? $"{V(d):+0.000;−0.000} ({StudyPictures.Probability(V(type["own_against_common"]!["p"]))})" : "no own model", "end", fill: type["own_against_common"]?["difference"] is null ? Svg.Muted : Svg.Ink);
            y += row;
        }
        return svg.ToString();
    }

    private static string Transport(JsonArray matrix, string[] names)
    {
        var cells = new HeatMap.Cell?[names.Length, names.Length];
        for (var r = 0; r < names.Length; r++) { for (var c = 0; c < names.Length; c++) { if (matrix[r]![c] is { } auc) { cells[r, c] = new(V(auc), V(auc).ToString("0.00"), r == c); } } }
        return HeatMap.Draw("atlas-transport", "Models carried to other cancer types", $"AUC of the model of each row's cancer type among the subjects of each column's, 0.50 white to 0.85 blue; framed, the type's own (cross-validated).", names, names, cells, 0.5, 0.85);
    }

    private static string Associations(JsonObject associations)
    {
        string[] names = [.. associations["factors"]!.AsArray().Select(T)];
        var strength = associations["strength"]!.AsArray();
        var cells = new HeatMap.Cell?[names.Length, names.Length];
        for (var r = 0; r < names.Length; r++) { for (var c = 0; c < r; c++) { if (strength[r]![c] is { } value) { cells[r, c] = new(V(value), V(value).ToString("0.00")); } } }
        for (var k = 0; k < names.Length; k++) { cells[k, k] = new(0, "1", Faint: true); }
        return HeatMap.Draw("atlas-associations", "Factors that go together", $"Strength of association of {names.Length} factors, 0 white to 0.6 blue: rank correlation of numbers, Cramér's V of levels, correlation ratio of a number with levels. Below the diagonal.", names, names, cells, 0, 0.6);
    }

    private static string Short(string text) => text.Length > 18 ? text[..17] + "…" : text;

    private static string T(JsonNode? node) => node?.ToString() ?? "";

    private static double V(JsonNode? node) => node?.GetValue<double>() ?? double.NaN;
}
