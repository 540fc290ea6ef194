using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace BoneMet.Cohorts.Reports;

/// <summary>What a second cohort said: of the model, or of the prognostic categories.</summary>
internal static class ExternalSection
{
    public static void Append(StringBuilder page, JsonObject json, Func<string, string> figure)
    {
        if (json["external_validation"] is { } external) { Model(page, external, figure); }
        if (json["prognosis"] is { } prognosis) { Categories(page, prognosis, figure); }
    }

    private static void Model(StringBuilder page, JsonNode external, Func<string, string> figure)
    {
        page.Append("<section><h2>External validation</h2>");
        HtmlTable.Append(page, $"{external["n"]} subjects of the second cohort, {external["events"]} with the event; {external["left_out"]} rows without outcome or with a value that the model cannot use.", ["Measure", "As fitted", "95 % CI"],
        [
            ["AUC", F(external["auc"], 3), $"{F(external["ci_delong"]![0], 3)} to {F(external["ci_delong"]![2], 3)}"], Limits("Calibration in the large", external, "calibration_intercept"), Limits("Calibration slope", external, "calibration_slope"),
            ["Mean predicted, observed", $"{P(external["mean_predicted"])}, {P(external["observed"])}", ""], ["ICI, E50, E90, Emax", $"{F(external["ici"], 4)}, {F(external["e50"], 4)}, {F(external["e90"], 4)}, {F(external["emax"], 4)}", ""],
            ["Brier, scaled", $"{F(external["brier"], 4)}, {P(external["scaled_brier"])}", ""],
        ]);
        HtmlTable.Append(page, "Recalibration to the second cohort: new linear predictor = correction + slope × old one. The Brier score is apparent.", ["Method", "Correction", "Slope", "Brier"],
            external["recalibration"]!.AsArray().Select(r => (string[])[r!["method"]!.ToString(), F(r["intercept"], 4), F(r["slope"], 4), F(r["brier"], 4)]));
        page.Append(figure("external"));
        HtmlTable.Folded(page, "Tenths of predicted risk in the second cohort.", ["Tenth", "Subjects", "Expected events", "Observed events"],
            external["groups"]!.AsArray().Select((g, k) => (string[])[$"{k + 1}", $"{g!["n"]}", F(g["expected"], 1), F(g["observed"], 0)]));
        page.Append("</section>");
    }

    private static void Categories(StringBuilder page, JsonNode prognosis, Func<string, string> figure)
    {
        page.Append("<section>").Append(figure("prognosis"));
        Performance(page, prognosis["apparent"]!, "The first cohort, on whose survival the categories were made (apparent)");
        var grid = prognosis["grid"]!.AsArray();
        int[] shown = [2, 5, 11];
        HtmlTable.Append(page, $"Categories of {prognosis["column"]}, with survival at chosen times.", [$"{prognosis["column"]}", "Subjects", "Category", .. shown.Select(k => $"Survival at {F(grid[k], 1)}")],
            prognosis["strata"]!.AsArray().OrderBy(s => s!["category"]!.GetValue<int>()).Select(s => (string[])[$"{s!["stratum"]}", $"{s["n"]}", $"{s["category"]}", .. shown.Select(k => P(s["surv"]![k]))]));
        page.Append("</section>");
        if (prognosis["validation"] is not { } validation) { return; }
        page.Append("<section>").Append(figure("prognosis-second"));
        Performance(page, validation["performance"]!, $"The second cohort, {validation["n"]} subjects");
        HtmlTable.Append(page, $"{validation["agreement"]!["n"]} of {validation["agreement"]!["of"]} strata would get the same category from their survival in the second cohort (nearest mean curve).", ["Stratum", "Subjects", "Category of the first cohort", "Nearest in the second"],
            validation["strata"]!.AsArray().Select(s => (string[])[$"{s!["stratum"]}", $"{s["n"]}", $"{s["category"]}", $"{s["nearest"]}"]));
        page.Append("</section>");
    }

    private static void Performance(StringBuilder page, JsonNode judged, string whose) =>
        page.Append("<p>").Append(Svg.E($"{whose}: {(judged["concordance"] is { } c ? $"C {F(c[0], 3)} (SE {F(c[1], 4)}), log-rank p {StudyPictures.Probability(judged["logrank"]!["p"]!.GetValue<double>())}" : "one category only")}; the order of the categories {(judged["ordered"]!.GetValue<bool>() ? "holds" : "does not hold")}.")).Append("</p>");

    private static string[] Limits(string name, JsonNode json, string key)
    {
        double value = json[key]!.GetValue<double>(), half = Fitting.Wald.Z95 * (json[$"{key}_se"]?.GetValue<double>() ?? double.NaN);
        return [name, F(json[key], 3), string.Create(CultureInfo.InvariantCulture, $"{value - half:F3} to {value + half:F3}")];
    }

    private static string F(JsonNode? node, int digits) => node is null ? "–" : node.GetValue<double>().ToString("F" + digits, CultureInfo.InvariantCulture);

    private static string P(JsonNode? node) => node is null ? "–" : (100 * node.GetValue<double>()).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
