using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Fitting;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Reports;

/// <summary>The table twin of each picture, for readers who do not see it and for those who want the number.</summary>
internal static class ChartTables
{
    public static void Append(StringBuilder page, string picture, StudyResult result)
    {
        var json = result.Json;
        switch (picture)
        {
            case "roc" when result.Model is { } model: Roc(page, model); break;
            case "calibration": Groups(page, json["hosmer_lemeshow"]!); break;
            case "decision-curve":
                HtmlTable.Folded(page, "Net benefit per subject by risk threshold, with 95 % intervals.", ["Threshold", "Model", "95 % CI", "Everybody"],
                    json["decision_curve"]!.AsArray().Select(d => (string[])[P(d!["threshold"]), F(d["net_benefit"], 4), $"{F(d["lo"], 4)} to {F(d["hi"], 4)}", F(d["all"], 4)]));
                break;
            case "nomogram" when result.Model is { } model: Nomogram(page, NomogramDrawing.Of(model)); break;
            case "survival":
                HtmlTable.Folded(page, "Survival at chosen times, with 95 % intervals (log transformation, as R).", ["Group", "Time", "At risk", "Survival", "95 % CI"],
                    json["km"]!.AsArray().Select(k => (string[])[T(k!["strata"]), F(k["time"], 1), F(k["n_risk"], 0), F(k["surv"], 4), $"{F(k["lower"], 4)} to {F(k["upper"], 4)}"]));
                break;
            case "strata":
                HtmlTable.Folded(page, "Effects by stratum.", ["Term", "Stratum", "Events/subjects", "OR (95 % CI)"],
                    json["strata"]!["factors"]!.AsArray().SelectMany(f => f!["effects"]!.AsArray().Select(e => (string[])[T(f["term"]), T(e!["stratum"]), $"{e["events"]}/{e["n"]}", e["or"] is null ? T(e["reason"]) : $"{F(e["or"], 3)} ({F(e["lo"], 3)} to {F(e["hi"], 3)})"])));
                break;
            case "sites": Sites(page, json); break;
            case "lasso": Lasso(page, json["glmnet"]!); break;
        }
    }

    private static void Roc(StringBuilder page, FittedModel model)
    {
        var points = model.Roc.Points;
        var rows = Enumerable.Range(1, 9).Select(k => points.MinBy(p => Math.Abs(p.Sensitivity - (k / 10.0)))!).DistinctBy(p => p.Threshold);
        HtmlTable.Folded(page, "Sensitivity and specificity at thresholds of predicted risk.", ["Risk threshold", "Sensitivity", "Specificity"],
            rows.Select(p => (string[])[(100 * p.Threshold).ToString("0.00", CultureInfo.InvariantCulture) + " %", (100 * p.Sensitivity).ToString("0.0", CultureInfo.InvariantCulture) + " %", (100 * p.Specificity).ToString("0.0", CultureInfo.InvariantCulture) + " %"]));
    }

    private static void Groups(StringBuilder page, JsonNode groups)
    {
        var n = groups["n"]!.AsArray();
        HtmlTable.Folded(page, "Groups of predicted risk.", ["Group", "Subjects", "Expected events", "Observed events"],
            Enumerable.Range(0, n.Count).Select(g => (string[])[$"{g + 1}", T(n[g]), F(groups["expected"]![g], 1), F(groups["observed"]![g], 0)]));
    }

    private static void Nomogram(StringBuilder page, NomogramDrawing nomogram)
    {
        HtmlTable.Folded(page, "Points of the nomogram; their sum is read in the last rows.", ["Factor", "Value", "Points"],
            [
                .. nomogram.Axes.SelectMany(axis => axis.Labels.Select((label, k) => (string[])[axis.Factor, label, axis.Points[k].ToString("0.0", CultureInfo.InvariantCulture)])),
                .. nomogram.Risk.Select(r => (string[])["Risk at total points", (100 * r.Value).ToString("G3", CultureInfo.InvariantCulture) + " %", r.Points.ToString("0.0", CultureInfo.InvariantCulture)]),
            ]);
    }

    private static void Sites(StringBuilder page, JsonObject json)
    {
        static string[] Cells(string name, string size, JsonNode? c, JsonNode? cLow, JsonNode? cHigh, JsonNode? slope, JsonNode? large, string note) => [name, size, c is null ? "–" : $"{F(c, 3)} ({F(cLow, 3)} to {F(cHigh, 3)})", F(slope, 3), F(large, 3), note];
        var pooled = json["leave_one_site_out_pooled"];
        HtmlTable.Append(page, "The numbers of the picture; pooled with random effects (REML).", ["Site", "Events/subjects", "c (95 % CI)", "Slope", "In the large", "Note"],
        [
            .. json["leave_one_site_out"]!.AsArray().Select(s => Cells(T(s!["site"]), $"{s["events"]}/{s["n"]}", s["c"], s["c_lo"], s["c_hi"], s["calibration_slope"], s["calibration_intercept"], T(s["problem"]))),
            Cells("pooled", "", pooled?["c"]?["value"], pooled?["c"]?["lo"], pooled?["c"]?["hi"], pooled?["calibration_slope"]?["value"], pooled?["calibration_intercept"]?["value"],
                pooled?["c"]?["prediction_lo"] is { } low ? $"c expected in a new site {F(low, 3)} to {F(pooled["c"]!["prediction_hi"], 3)}" : ""),
        ]);
    }

    private static void Lasso(StringBuilder page, JsonNode path)
    {
        var best = path["cv"]!["lambda.min"]!["coefficients"]!.AsArray();
        var spare = path["cv"]!["lambda.1se"]!["coefficients"]!.AsArray().ToDictionary(c => T(c!["term"]), c => c!["coef"]);
        HtmlTable.Append(page, $"Terms that the penalised model keeps, at the penalty with the least cross-validated deviance and at the largest within one standard error of it.", ["Term", "Coefficient, least deviance", "Coefficient, one standard error"],
            best.Select(c => (string[])[T(c!["term"]), F(c["coef"], 4), spare.TryGetValue(T(c["term"]), out var other) ? F(other, 4) : "left out"]));
    }

    private static string T(JsonNode? node) => node?.ToString() ?? "";

    private static string F(JsonNode? node, int digits) => node is null ? "–" : node.GetValue<double>().ToString("F" + digits, CultureInfo.InvariantCulture);

    private static string P(JsonNode? node) => node is null ? "–" : (100 * node.GetValue<double>()).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
