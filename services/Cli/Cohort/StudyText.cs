using System.Text.Json.Nodes;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cli.Cohort;

/// <summary>A study's main numbers as text for the terminal.</summary>
internal static class StudyText
{
    public static void Write(TextWriter output, StudyResult result)
    {
        var json = result.Json;
        if (json["cohort"] is JsonObject cohort) { output.WriteLine($"{cohort["n"]} subjects, {cohort["events"] ?? cohort["deaths"]} with the event, {cohort["dropped_missing"]} left out for missing values"); }
        if (json["table1"] is JsonObject table && json["glm"] is null) { TableOne(output, table); }
        if (json["glm"]?["coefficients"] is JsonArray coefficients) { Coefficients(output, coefficients); }
        if (json["coxph"] is JsonObject cox)
        {
            output.WriteLine($"{cox["n"]} subjects, {cox["events"]} events, C {F(cox["concordance"]?[0], 3)} (SE {F(cox["concordance"]?[1], 4)})");
            Coefficients(output, new JsonArray([null, .. cox["coefficients"]!.AsArray().Select(r => r!.DeepClone())]));
        }
        if (json["logrank"] is JsonObject test) { output.WriteLine($"log-rank chi-square {F(test["chisq"], 3)} on {test["df"]} degrees of freedom, p {P(test["p"])}"); }
        if (json["atlas"]?["types"] is JsonArray types) { Atlas(output, types); }
        if (json["external_validation"] is { } external) { output.WriteLine($"second cohort, {external["n"]} subjects: AUC {F(external["auc"], 3)} ({F(external["ci_delong"]![0], 3)} to {F(external["ci_delong"]![2], 3)}), calibration in the large {F(external["calibration_intercept"], 3)}, slope {F(external["calibration_slope"], 3)}"); }
        if (json["glmnet"]?["cv"]?["lambda.1se"] is { } path) { output.WriteLine($"penalised, largest lambda within one standard error {path["lambda"]!.GetValue<double>():G4}: {(path["coefficients"]!.AsArray() is { Count: > 0 } kept ? string.Join(", ", kept.Select(c => c!["term"]!.GetValue<string>())) : "no term")}"); }
        if (json["prognosis"] is { } prognosis) { Prognosis(output, prognosis); }
        if (json["strata"]?["factors"] is JsonArray factors) { foreach (var f in factors) { output.WriteLine($"{f!["term"]}: pooled OR {F(f["pooled"]?["random_or"], 3)} ({F(f["pooled"]?["random_lo"], 3)} to {F(f["pooled"]?["random_hi"], 3)}), I2 {F(f["pooled"]?["i2"], 2)}, p(Q) {P(f["pooled"]?["q_p"])}: {f["verdict"]}"); } }
        if (json["pooled"]?["coefficients"] is JsonArray pooled)
        {
            Coefficients(output, pooled);
            output.WriteLine($"AUC {F(json["pooled"]!["auc"]!["value"], 3)} ({F(json["pooled"]!["auc"]!["lo"], 3)} to {F(json["pooled"]!["auc"]!["hi"], 3)}), pooled over {json["imputation"]!["m"]} imputed tables");
        }
        if (json["screen"] is JsonArray screen) { foreach (var row in screen) { output.WriteLine(row!["reason"] is { } reason ? $"{row["factor"]}: {reason}" : $"{row["factor"]}: AUC {F(row["auc"], 3)}, p {P(row["lr_p"])}, Holm {P(row["p_holm"])}, BH {P(row["p_bh"])}"); } }
        if (json["validate"]?["table"] is JsonArray table2) { foreach (var row in table2) { output.WriteLine($"{row!["index"]!.GetValue<string>(),-10} apparent {F(row["index.orig"], 4),8}  corrected {F(row["index.corrected"], 4),8}"); } }
        if (json["roc"]?["auc"] is { } auc && json["roc"]!["ci_delong"] is JsonArray limits) { output.WriteLine($"AUC {F(auc, 3)} ({F(limits[0], 3)} to {F(limits[2], 3)}), Brier {F(json["brier"], 4)}"); }
    }

    private static void Atlas(TextWriter output, JsonArray types)
    {
        foreach (var type in types)
        {
            output.WriteLine($"{type!["type"]}: {type["events"]}/{type["n"]} with the event; {(type["reason"] is { } reason ? reason : $"own set {string.Join(", ", type["features"]!.AsArray())}; cross-validated AUC {F(type["cross_validated"]?["auc"], 3)}, one model for all {F(type["common_model"]?["auc"], 3)}, p {P(type["own_against_common"]?["p"])}")}");
        }
    }

    private static void Prognosis(TextWriter output, JsonNode prognosis)
    {
        foreach (var category in prognosis["strata"]!.AsArray().GroupBy(s => s!["category"]!.GetValue<int>()).OrderBy(g => g.Key)) { output.WriteLine($"prognostic category {category.Key}: {string.Join(", ", category.Select(s => s!["stratum"]))}"); }
        if (prognosis["validation"] is not { } second) { return; }
        output.WriteLine($"second cohort, {second["n"]} subjects: C {F(second["performance"]!["concordance"]?[0], 3)}, order of the categories {(second["performance"]!["ordered"]!.GetValue<bool>() ? "holds" : "does not hold")}, {second["agreement"]!["n"]} of {second["agreement"]!["of"]} strata in the same category by their own survival");
    }

    private static void Coefficients(TextWriter output, JsonArray rows)
    {
        var width = rows.Skip(1).Max(r => r!["term"]!.GetValue<string>().Length);
        output.WriteLine($"{"".PadRight(width)}  {"ratio",8}  {"95 % CI",19}  {"p",8}");
        foreach (var row in rows.Skip(1))
        {
            output.WriteLine($"{row!["term"]!.GetValue<string>().PadRight(width)}  {F(row["or"] ?? row["hr"], 3),8}  {F(row["lo"], 3) + " to " + F(row["hi"], 3),19}  {P(row["p"]),8}");
        }
    }

    private static void TableOne(TextWriter output, JsonObject table)
    {
        output.WriteLine($"{table["n"]} subjects, {table["n_event"]} with {table["event"]}, outcome missing in {table["outcome_missing"]}");
        foreach (var row in table["factors"]!.AsArray())
        {
            output.WriteLine($"{row!["factor"]} (missing {row["missing"]}, SMD {F(row["smd"], 2)}, p {P(row["p"])})");
            if (row["levels"] is not JsonArray levels)
            {
                output.WriteLine($"  mean (SD): {F(row["event"]!["mean"], 2)} ({F(row["event"]!["sd"], 2)}) with, {F(row["no_event"]!["mean"], 2)} ({F(row["no_event"]!["sd"], 2)}) without the event");
                continue;
            }
            foreach (var level in levels) { output.WriteLine($"  {level!["level"]}: {level["event_rate"]!["n"]}/{level["event_rate"]!["of"]} with the event"); }
        }
    }

    private static string F(JsonNode? value, int digits) => value is null ? "-" : value.GetValue<double>().ToString("F" + digits);

    private static string P(JsonNode? value) => value is null ? "-" : value.GetValue<double>() is var p && p < 0.0001 ? "<0.0001" : value.GetValue<double>().ToString("F4");
}
