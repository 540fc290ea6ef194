using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Reports;

/// <summary>The part of a report that only an atlas has.</summary>
internal static class AtlasSections
{
    public static void Append(StringBuilder page, StudyResult result, IReadOnlyDictionary<string, string> pictures)
    {
        if (result.Json["atlas"] is not JsonObject atlas) { return; }
        var types = atlas["types"]!.AsArray();
        Reading(page, result.Json, types);
        page.Append("<section><h2>Cancer types and their own feature sets</h2>");
        HtmlTable.Append(page, $"Features: chosen by the LASSO (largest penalty within one standard error), in brackets in how many of {atlas["honest_folds"]} outer folds. Cross-validated: choice and fit repeated without the subjects judged.",
            ["Cancer type", "Events/subjects", "Share (95 % CI)", "Own feature set", "AUC own model", "AUC one for all", "p of difference", "Slope"],
            types.Select(t => (string[])
            [
                T(t!["type"]), $"{t["events"]}/{t["n"]}", $"{P(t["rate"])} ({P(t["rate_lo"])} to {P(t["rate_hi"])})", t["reason"] is { } reason ? T(reason) : string.Join(", ", t["features"]!.AsArray().Select(f => $"{f} ({t["chosen_in_folds"]![T(f)] ?? "–"})")),
                Auc(t["cross_validated"]), Auc(t["common_model"]), t["own_against_common"]?["p"] is { } p ? StudyPictures.Probability(p.GetValue<double>()) : "–", F(t["cross_validated"]?["calibration_slope"], 2),
            ]));
        page.Append("</section>");
        Figure(page, "atlas-factors", "Which factor matters in which cancer type", "Each number is the AUC of one factor by itself among the subjects of one cancer type; grey: not significant after Benjamini–Hochberg over the whole table; framed: in the type's own set.", pictures, () => Screen(page, types));
        Figure(page, "atlas-models", "Own model against one model for all", $"Where the square lies to the right of the circle, the type's own factors predict better than one model for all cancers. Both are judged on the same subjects, none of which they were fitted to. Recorded in all types, so in the one model: {(atlas["common_factors"]!.AsArray() is { Count: > 0 } common ? string.Join(", ", common.Select(T)) : "no factor")}.", pictures, null);
        Verdicts(page, result.Json);
        Figure(page, "atlas-transport", "Models carried to other cancer types", "Row: the cancer type a model was made for; column: where it is used. A dash: too few subjects, or levels that the model has never seen.", pictures, null);
        Figure(page, "atlas-associations", "Factors that go together", "Strongly associated factors carry the same information; the LASSO keeps one of them, and which one may change from fold to fold.", pictures, null);
        foreach (var type in result.Types.Where(t => t.Result is not null)) { Model(page, type); }
    }

    /// <summary>The findings in sentences.</summary>
    private static void Reading(StringBuilder page, JsonObject json, JsonArray types)
    {
        var verdicts = json["strata"]!["factors"]!.AsArray().GroupBy(f => T(f!["verdict"])).ToDictionary(g => g.Key, g => g.Select(f => T(f!["term"])).ToArray());
        var sets = types.Where(t => t!["features"]!.AsArray().Count > 0).ToArray();
        var shared = sets.Length == 0 ? [] : sets.Select(t => t!["features"]!.AsArray().Select(T)).Aggregate((a, b) => [.. a.Intersect(b)]).ToArray();
        var better = types.Count(t => t!["own_against_common"]?["p"] is { } p && p.GetValue<double>() < 0.05 && t["own_against_common"]!["difference"]!.GetValue<double>() > 0);
        var worse = types.Count(t => t!["own_against_common"]?["p"] is { } p && p.GetValue<double>() < 0.05 && t["own_against_common"]!["difference"]!.GetValue<double>() < 0);
        page.Append("<section><h2>In short</h2><ul>");
        void Line(string text) => page.Append("<li>").Append(Svg.E(text)).Append("</li>");
        Line($"{sets.Length} of {types.Count} cancer types have a model of their own; {(shared.Length > 0 ? $"in every one of them: {string.Join(", ", shared)}" : "no factor is in all of them")}.");
        if (verdicts.TryGetValue("heterogeneous", out var different)) { Line($"Effects that differ between cancer types (heterogeneous): {string.Join(", ", different)}."); }
        if (verdicts.TryGetValue("homogeneous", out var same)) { Line($"Effects that are the same (homogeneous): {string.Join(", ", same)}."); }
        Line($"The own model predicts better than one model for all in {better} types (p < 0.05), worse in {worse}; not told apart in {types.Count(t => t!["own_against_common"]?["p"] is not null) - better - worse}.");
        page.Append("</ul></section>");
    }

    private static void Screen(StringBuilder page, JsonArray types)
    {
        var factors = AtlasPictures.Order(types);
        HtmlTable.Folded(page, "AUC of each factor by itself, with p after Benjamini–Hochberg; * in the type's own set.", ["Factor", .. types.Select(t => T(t!["type"]))],
            factors.Select(f => (string[])[f, .. types.Select(t => AtlasPictures.Row(t!, f) is var row && row["auc"] is null ? "–" : $"{F(row["auc"], 3)} (p {StudyPictures.Probability(row["p_bh"]?.GetValue<double>() ?? double.NaN)}){(AtlasPictures.Chosen(t!, f) ? " *" : "")}")]));
    }

    private static void Verdicts(StringBuilder page, JsonObject json)
    {
        page.Append("<section><h2>Homogeneous and heterogeneous factors</h2>");
        HtmlTable.Append(page, "Adjusted effect of each term over all cancer types, pooled with random effects (REML). Heterogeneous: p(Q) below 0.10 and I² of at least 40 %. Interaction: likelihood-ratio test of the factor's products with the cancer type.",
            ["Term", "Types", "Pooled OR (95 % CI)", "I²", "τ²", "p (Q)", "p (interaction)", "Verdict"],
            json["strata"]!["factors"]!.AsArray().Select(f => (string[])
            [
                T(f!["term"]), T(f["pooled"]?["strata"]), f["pooled"] is { } pooled ? $"{F(pooled["random_or"], 3)} ({F(pooled["random_lo"], 3)} to {F(pooled["random_hi"], 3)})" : "–", P(f["pooled"]?["i2"]), F(f["pooled"]?["tau2_reml"], 4),
                Probability(f["pooled"]?["q_p"]), Probability(f["interaction"]?["p"]), f["reason"] is { } why ? $"{T(f["verdict"])}: {T(why)}" : T(f["verdict"]),
            ]));
        page.Append("</section>");
    }

    private static void Model(StringBuilder page, TypeModel type)
    {
        var json = type.Result!.Json;
        var model = type.Result.Model!;
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>Model for {Svg.E(type.Type)}</h2><details><summary>Coefficients{(model.Design.Terms.Any(t => t.Kind == TermKind.Interaction) ? "" : " and nomogram")}: {model.Outcome.Length} subjects, {model.Events} events, {(model.Cohort.Protocol.Firth ? "Firth's penalised likelihood" : "maximum likelihood")}</summary>");
        HtmlTable.Append(page, "logit = sum of coefficient times value. Intervals and p do not know that the factors were chosen.", ["Term", "Coefficient", "SE", "OR (95 % CI)", "p"],
            json["glm"]!["coefficients"]!.AsArray().Select(c => (string[])[T(c!["term"]), F(c["coef"], 5), F(c["se"], 5), T(c["term"]) == "(Intercept)" ? "" : $"{F(c["or"], 3)} ({F(c["lo"], 3)} to {F(c["hi"], 3)})", Probability(c["p"])]));
        if (model.Design.Terms.All(t => t.Kind != TermKind.Interaction)) { page.Append("<div class=\"scroll\">").Append(NomogramPicture.Draw(NomogramDrawing.Of(model), $"nomogram-{type.Type.Aggregate(17, (hash, c) => unchecked((hash * 31) + c)):x8}")).Append("</div>"); }
        page.Append("<ul>").AppendJoin("", model.Warnings.Select(w => $"<li><code>{Svg.E(w.Code)}</code> {Svg.E(w.Text)}</li>")).Append("</ul></details></section>");
    }

    private static void Figure(StringBuilder page, string name, string title, string text, IReadOnlyDictionary<string, string> pictures, Action? twin)
    {
        page.Append("<section><figure><h2>").Append(Svg.E(title)).Append("</h2><div class=\"scroll\">").Append(pictures[name]).Append("</div><figcaption>").Append(Svg.E(text)).Append("</figcaption></figure>");
        twin?.Invoke();
        page.Append("</section>");
    }

    private static string Auc(JsonNode? judged) => judged?["auc"] is null ? "–" : $"{F(judged["auc"], 3)} ({F(judged["lo"], 3)} to {F(judged["hi"], 3)})";

    private static string Probability(JsonNode? p) => p is null ? "–" : StudyPictures.Probability(p.GetValue<double>());

    private static string T(JsonNode? node) => node?.ToString() ?? "";

    private static string F(JsonNode? node, int digits) => node is null ? "–" : node.GetValue<double>().ToString("F" + digits, CultureInfo.InvariantCulture);

    private static string P(JsonNode? node) => node is null ? "–" : (100 * node.GetValue<double>()).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
