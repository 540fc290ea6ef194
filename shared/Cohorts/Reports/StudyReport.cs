using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Reports;

/// <summary>One self-contained HTML page of a study: no script, no outside reference, readable by screen readers and on paper.</summary>
public static class StudyReport
{
    private static readonly Dictionary<string, (string Title, string Text)> Captions = new()
    {
        ["forest"] = ("Odds ratios of the model", "Each square is the odds ratio of a level against its reference, or of one unit of a number, adjusted for all other factors; the line is the 95 % confidence interval."),
        ["roc"] = ("Discrimination", "How well the predicted risks tell subjects with the event from those without, on the data the model was fitted on (apparent performance)."),
        ["calibration"] = ("Calibration", "Observed share against predicted risk: points are groups of equal size with 95 % intervals, the curve is a flexible recalibration. Apparent: on the data the model was fitted on."),
        ["decision-curve"] = ("Clinical use", "Net benefit: true positives less false positives weighed by the odds of the threshold, per subject. The model is useful where its line is above both others."),
        ["nomogram"] = ("Nomogram", "The longest axis spans 100 points."),
        ["survival"] = ("Survival", "Kaplan–Meier estimates; all subjects with known follow-up."),
        ["sites"] = ("Leave one site out", "Each site is judged by the model fitted on all other sites: what to expect in a hospital that took no part. Diamonds pool the sites; the dashed line is the 95 % prediction interval for a new site."),
        ["lasso"] = ("Penalised model", "Cross-validated deviance along the path of penalties, with one standard error; numbers above are terms with a coefficient. Dashed: least deviance, and the largest penalty within one standard error of it."),
        ["external"] = ("Calibration in the second cohort", "The model as it was fitted, on subjects of another cohort."),
        ["prognosis"] = ("Prognostic categories", "Strata whose survival is alike, by Ward's clustering of their Kaplan–Meier curves; 1 has the best survival."),
        ["prognosis-second"] = ("The same categories in the second cohort", "Each stratum keeps the category that the first cohort gave it."),
        ["strata"] = ("Factors across strata", "Adjusted odds ratios within each stratum; diamonds pool them with random effects (REML). Heterogeneous: p(Q) below 0.10 and I² of at least 40 %."),
    };

    /// <summary>Writes the page.</summary>
    /// <param name="result">The study.</param>
    /// <param name="loaded">The cohort that it was run on.</param>
    /// <param name="source">Name of the cohort, as it should stand in the report.</param>
    public static string Write(StudyResult result, LoadedTable loaded, string source)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(loaded);
        var json = result.Json;
        var study = json["study"]!;
        var kind = study["protocol"]!["kind"]!.GetValue<string>();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{H(Title(kind))}: {H(study["outcome"]!.GetValue<string>())} in {H(source)}</title><style>{Style}</style></head>
            <body><a class="skip" href="#main">Skip to the results</a>
            <header><p class="kicker">BoneMetPlatform · cohort study · research use</p><h1>{H(Title(kind))}: <span>{H(study["outcome"]!.GetValue<string>())}</span></h1>
            <p class="lead">{H(Lead(json, source))}</p></header><main id="main">
            """);
        Tiles(page, json);
        Warnings(page, json);
        TableOne(page, json);
        var pictures = StudyPictures.All(result);
        Coefficients(page, json);
        string[] small = ["roc", "calibration", "decision-curve"];
        AtlasSections.Append(page, result, pictures);
        foreach (var name in (string[])["forest", "strata", "survival"]) { Section(page, name, pictures, result); }
        if (small.Any(pictures.ContainsKey))
        {
            page.Append("<section class=\"pair\">");
            foreach (var name in small)
            {
                if (!pictures.TryGetValue(name, out var svg)) { continue; }
                page.Append("<div>").Append(Figure(name, svg));
                ChartTables.Append(page, name, result);
                page.Append("</div>");
            }
            page.Append("</section>");
        }
        Validation(page, json);
        Section(page, "sites", pictures, result);
        ExternalSection.Append(page, json, name => pictures.TryGetValue(name, out var svg) ? Figure(name, svg) : "");
        Section(page, "lasso", pictures, result);
        Section(page, "nomogram", pictures, result);
        Rejected(page, json);
        Checklist(page, result, source);
        Reproduce(page, json, source, loaded);
        page.Append("</main><footer><p>Made by BoneMetPlatform. For research use: not a medical device. Absolute risks hold only where calibration and prevalence have been shown.</p></footer></body></html>");
        return page.ToString();
    }

    private static string Title(string kind) => kind switch
    {
        "describe" => "Description of a cohort",
        "screen" => "Screening of factors",
        "strata" => "Factors across strata",
        "atlas" => "Atlas of risk factors by cancer type",
        "survival" => "Survival analysis",
        "impute" => "Model on imputed data",
        "nomogram" => "Nomogram",
        "validate" => "Model with internal validation",
        _ => "Prediction model",
    };

    private static string Lead(JsonObject json, string source)
    {
        var cohort = json["cohort"];
        return cohort is null ? source : $"{source}: {cohort["n"]} subjects analysed, {cohort["events"] ?? cohort["deaths"]} with the event ({json["study"]!["event"]}), {cohort["dropped_missing"] ?? 0} left out for a missing value.";
    }

    private static void Tiles(StringBuilder page, JsonObject json)
    {
        var tiles = new List<(string Name, string Value, string Note)>();
        if (json["cohort"] is { } cohort)
        {
            tiles.Add(("Subjects", $"{cohort["n"]}", $"of {cohort["rows"]} rows"));
            var events = (cohort["events"] ?? cohort["deaths"])!.GetValue<int>();
            tiles.Add(("Events", $"{events}", $"{100.0 * events / cohort["n"]!.GetValue<int>():0.0} %"));
        }
        if (json["roc"]?["auc"] is { } auc) { tiles.Add(("AUC, apparent", N(auc, "F3"), $"95 % CI {N(json["roc"]!["ci_delong"]![0], "F3")} to {N(json["roc"]!["ci_delong"]![2], "F3")}")); }
        if (json["validate"]?["c_corrected"] is { } corrected) { tiles.Add(("AUC, optimism-corrected", N(corrected, "F3"), $"{json["validate"]!["B"]} bootstrap samples")); }
        if (json["external_validation"]?["auc"] is { } external) { tiles.Add(("AUC, second cohort", N(external, "F3"), $"95 % CI {N(json["external_validation"]!["ci_delong"]![0], "F3")} to {N(json["external_validation"]!["ci_delong"]![2], "F3")}")); }
        if (json["atlas"]?["types"] is JsonArray types)
        {
            tiles.Add(("Cancer types", $"{types.Count}", $"{types.Count(t => t!["model"] is not null)} with a model of their own"));
            var verdicts = json["strata"]!["factors"]!.AsArray().Select(f => T(f!["verdict"])).ToArray();
            tiles.Add(("Heterogeneous terms", $"{verdicts.Count(v => v == "heterogeneous")}", $"of {verdicts.Length}; {verdicts.Count(v => v == "homogeneous")} homogeneous"));
        }
        if (json["brier"] is { } brier) { tiles.Add(("Brier score", N(brier, "F4"), "0 is perfect")); }
        if (json["coxph"]?["concordance"] is { } c) { tiles.Add(("Concordance", N(c[0], "F3"), $"SE {N(c[1], "F4")}")); }
        if (json["logrank"] is { } test) { tiles.Add(("Log-rank", "p " + StudyPictures.Probability(test["p"]!.GetValue<double>()), $"chi-square {N(test["chisq"], "F1")} on {test["df"]}")); }
        if (tiles.Count == 0) { return; }
        page.Append("<dl class=\"tiles\">");
        foreach (var (name, value, note) in tiles) { page.Append(CultureInfo.InvariantCulture, $"<div><dt>{H(name)}</dt><dd>{H(value)}<small>{H(note)}</small></dd></div>"); }
        page.Append("</dl>");
    }

    private static void Warnings(StringBuilder page, JsonObject json)
    {
        if (json["warnings"] is not JsonArray { Count: > 0 } warnings) { return; }
        page.Append("<section class=\"warn\" aria-labelledby=\"w\"><h2 id=\"w\">Warnings that this result carries</h2><ul>");
        foreach (var warning in warnings) { page.Append(CultureInfo.InvariantCulture, $"<li><code>{H(warning!["code"]!.GetValue<string>())}</code> {H(warning["text"]!.GetValue<string>())}</li>"); }
        page.Append("</ul></section>");
    }

    private static void TableOne(StringBuilder page, JsonObject json)
    {
        if (json["table1"] is not JsonObject table) { return; }
        page.Append(CultureInfo.InvariantCulture, $"""
            <section><h2>Table 1</h2><div class="scroll"><table class="numbers"><caption>Characteristics by outcome. Numbers: mean (SD), median [quartiles]; levels: n (% of known values). SMD: standardised difference.</caption>
            <thead><tr><th scope="col">Factor</th><th scope="col">All ({table["n"]})</th><th scope="col">{H(table["no_event"]!.GetValue<string>())} ({table["n_no_event"]})</th><th scope="col">{H(table["event"]!.GetValue<string>())} ({table["n_event"]})</th><th scope="col">Missing</th><th scope="col">SMD</th><th scope="col">p</th></tr></thead><tbody>
            """);
        foreach (var row in table["factors"]!.AsArray())
        {
            var missing = row!["missing"]!.GetValue<int>();
            var p = row["p"] is { } value ? StudyPictures.Probability(value.GetValue<double>()) : "";
            if (row["levels"] is JsonArray levels)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr class=\"head\"><th scope=\"rowgroup\">{H(T(row["factor"]))}</th><td></td><td></td><td></td><td>{missing}</td><td>{N(row["smd"], "F2")}</td><td>{p}</td></tr>");
                foreach (var level in levels) { page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\" class=\"level\">{H(T(level!["level"]))}</th><td>{Share(level["all"])}</td><td>{Share(level["no_event"])}</td><td>{Share(level["event"])}</td><td></td><td></td><td></td></tr>"); }
            }
            else
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr class=\"head\"><th scope=\"row\">{H(T(row["factor"]))}{(row["unit"] is { } unit ? H($", {unit}") : "")}</th><td>{Spread(row["all"])}</td><td>{Spread(row["no_event"])}</td><td>{Spread(row["event"])}</td><td>{missing}</td><td>{N(row["smd"], "F2")}</td><td>{p}</td></tr>");
            }
        }
        page.Append("</tbody></table></div></section>");
    }

    private static string Share(JsonNode? cell) => $"{cell!["n"]} ({100 * (cell["share"]?.GetValue<double>() ?? 0):0.0} %)";

    private static string Spread(JsonNode? cell) => $"{N(cell!["mean"], "G4")} ({N(cell["sd"], "G3")})<br><small>{N(cell["median"], "G4")} [{N(cell["q1"], "G4")}–{N(cell["q3"], "G4")}]</small>";

    private static void Coefficients(StringBuilder page, JsonObject json)
    {
        var (rows, ratio) = json["glm"]?["coefficients"] is JsonArray glm ? (glm, "or") : json["coxph"]?["coefficients"] is JsonArray cox ? (cox, "hr") : json["pooled"]?["coefficients"] is JsonArray pooled ? (pooled, "or") : (null, "");
        if (rows is null) { return; }
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>The model in full</h2><div class=\"scroll\"><table><caption>Every coefficient, so that the model can be used without this software{(ratio == "or" ? ": logit = sum of coefficient times value" : "")}.</caption><thead><tr><th scope=\"col\">Term</th><th scope=\"col\">Coefficient</th><th scope=\"col\">SE</th><th scope=\"col\">{(ratio == "or" ? "OR" : "HR")} (95 % CI)</th><th scope=\"col\">p</th></tr></thead><tbody>");
        foreach (var row in rows)
        {
            var intercept = T(row!["term"]) == "(Intercept)";
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{H(T(row["term"]))}</th><td>{N(row["coef"], "G6")}</td><td>{N(row["se"], "G4")}</td><td>{(intercept ? "" : $"{N(row[ratio], "F3")} ({N(row["lo"], "F3")} to {N(row["hi"], "F3")})")}</td><td>{(row["p"] is { } p ? H(StudyPictures.Probability(p.GetValue<double>())) : "")}</td></tr>");
        }
        page.Append("</tbody></table></div></section>");
    }

    private static void Validation(StringBuilder page, JsonObject json)
    {
        if (json["validate"]?["table"] is not JsonArray table) { return; }
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>Internal validation</h2><div class=\"scroll\"><table><caption>Harrell's bootstrap, {json["validate"]!["B"]} samples: how much of the apparent performance is optimism.</caption><thead><tr><th scope=\"col\">Index</th><th scope=\"col\">Apparent</th><th scope=\"col\">Training</th><th scope=\"col\">Test</th><th scope=\"col\">Optimism</th><th scope=\"col\">Corrected</th></tr></thead><tbody>");
        foreach (var row in table) { page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{H(T(row!["index"]))}</th><td>{N(row["index.orig"], "F4")}</td><td>{N(row["training"], "F4")}</td><td>{N(row["test"], "F4")}</td><td>{N(row["optimism"], "F4")}</td><td>{N(row["index.corrected"], "F4")}</td></tr>"); }
        page.Append("</tbody></table></div></section>");
    }

    private static void Rejected(StringBuilder page, JsonObject json)
    {
        var count = json["rejected_cells"]?["count"]?.GetValue<long>() ?? 0;
        var notes = json["notes"] as JsonArray ?? [];
        if (count == 0 && notes.Count == 0) { return; }
        page.Append("<section><h2>Data as read</h2>");
        if (notes.Count > 0) { page.Append("<ul>").AppendJoin("", notes.Select(n => $"<li>{H(T(n))}</li>")).Append("</ul>"); }
        if (count > 0)
        {
            var listed = json["rejected_cells"]!["listed"]!.AsArray();
            page.Append(CultureInfo.InvariantCulture, $"<details><summary>{count} cells were not taken and count as missing</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Row</th><th scope=\"col\">Column</th><th scope=\"col\">Text</th><th scope=\"col\">Reason</th></tr></thead><tbody>");
            foreach (var cell in listed.Take(200)) { page.Append(CultureInfo.InvariantCulture, $"<tr><td>{cell!["row"]}</td><td>{H(T(cell["column"]))}</td><td>{H(T(cell["text"]))}</td><td>{H(T(cell["reason"]))}</td></tr>"); }
            page.Append("</tbody></table></div></details>");
        }
        page.Append("</section>");
    }

    private static void Checklist(StringBuilder page, StudyResult result, string source)
    {
        if (result.Model is null) { return; }
        page.Append("<section><h2>TRIPOD+AI checklist</h2><div class=\"scroll\"><table><caption>Collins et al., BMJ 2024;385:e078378. Filled in by this run where the run knows the answer; the rest is for the authors.</caption><thead><tr><th scope=\"col\">Item</th><th scope=\"col\">Topic</th><th scope=\"col\">In this study</th></tr></thead><tbody>");
        foreach (var (item, topic, text) in TripodChecklist.Fill(result, source))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr{(text is null ? " class=\"open\"" : "")}><th scope=\"row\">{H(item)}</th><td>{H(topic)}</td><td>{(text is null ? "<em>for the authors</em>" : H(text))}</td></tr>");
        }
        page.Append("</tbody></table></div></section>");
    }

    private static void Reproduce(StringBuilder page, JsonObject json, string source, LoadedTable loaded)
    {
        page.Append(CultureInfo.InvariantCulture, $"""
            <section><h2>To repeat this study</h2><dl class="facts"><dt>Cohort</dt><dd>{H(source)}, {loaded.Table.Rows} rows, SHA-256 <code>{loaded.Sha256}</code></dd><dt>Protocol</dt><dd>SHA-256 <code>{H(T(json["study"]!["protocol_sha256"]))}</code></dd></dl>
            <details><summary>The protocol</summary><pre>{H(json["study"]!["protocol"]!.ToJsonString(Json.Options))}</pre></details></section>
            """);
    }

    private static void Section(StringBuilder page, string name, IReadOnlyDictionary<string, string> pictures, StudyResult result)
    {
        if (!pictures.TryGetValue(name, out var svg)) { return; }
        page.Append("<section>").Append(Figure(name, svg));
        ChartTables.Append(page, name, result);
        page.Append("</section>");
    }

    private static string Figure(string name, string svg) => $"<figure><h2>{H(Captions[name].Title)}</h2><div class=\"scroll\">{svg}</div><figcaption>{H(Captions[name].Text)}</figcaption></figure>";

    private static string H(string text) => Svg.E(text);

    private static string T(JsonNode? node) => node?.ToString() ?? "";

    private static string N(JsonNode? node, string format) => node is null ? "–" : node.GetValueKind() == System.Text.Json.JsonValueKind.Number ? node.GetValue<double>().ToString(format, CultureInfo.InvariantCulture) : node.ToString();

    private const string Style = """
        :root{--ink:#1c2733;--muted:#55626f;--line:#dde3e9;--accent:#1f5f8b;--soft:#f4f7fa;--warn:#fff6e8;--warnline:#d98a1f}
        *{box-sizing:border-box}body{margin:0;font:16px/1.55 system-ui,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif;color:var(--ink);background:#fff}
        header,main,footer{max-width:1080px;margin:0 auto;padding:0 24px}header{padding-top:40px;padding-bottom:8px}
        .skip{position:absolute;left:-999px}.skip:focus{left:16px;top:16px;background:#fff;padding:8px;border:2px solid var(--accent)}
        .kicker{margin:0;color:var(--accent);font-weight:600;letter-spacing:.02em;font-size:14px}h1{margin:.2em 0 .1em;font-size:30px;line-height:1.2}h1 span{color:var(--accent)}
        .lead{margin:.4em 0 1em;color:var(--muted);font-size:17px}h2{font-size:20px;margin:0 0 12px}section{margin:36px 0}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:14px;margin:20px 0}.tiles div{background:var(--soft);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
        .tiles dt{color:var(--muted);font-size:13px}.tiles dd{margin:2px 0 0;font-size:24px;font-weight:600}.tiles small{display:block;font-size:13px;font-weight:400;color:var(--muted)}
        .warn{background:var(--warn);border:1px solid #f0d3a5;border-left:5px solid var(--warnline);border-radius:8px;padding:16px 20px}.warn h2{font-size:17px}.warn ul{margin:0;padding-left:20px}.warn code{background:#fbe6c4}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}caption{text-align:left;color:var(--muted);padding:0 0 8px}
        th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}th:first-child,td:first-child{text-align:left}thead th{background:var(--soft);border-bottom:2px solid var(--line);font-weight:600}
        tbody th{font-weight:400;min-width:8ch}tr.head th{font-weight:600}th.level{padding-left:28px}td.words{text-align:left;min-width:12ch}td.number,.numbers td{white-space:nowrap}td small{color:var(--muted)}section:has(.open) td,section:has(.open) th{text-align:left}tr.open em{color:var(--muted)}p+.scroll,figure+.scroll{margin-top:14px}
        figure{margin:0}details{margin-top:10px}details>.scroll{margin-top:10px}figure svg{max-width:100%;height:auto;display:block}figcaption{color:var(--muted);font-size:14px;margin-top:8px;max-width:70ch}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(400px,1fr));gap:28px}.facts dt{font-weight:600}.facts dd{margin:0 0 8px}
        code{font:13px ui-monospace,monospace;background:var(--soft);padding:1px 5px;border-radius:4px;overflow-wrap:anywhere}pre{background:var(--soft);padding:14px;border-radius:8px;overflow-x:auto;font-size:13px}
        summary{cursor:pointer;color:var(--accent)}a{color:var(--accent)}footer{color:var(--muted);font-size:14px;border-top:1px solid var(--line);margin-top:40px;padding-bottom:40px}
        @media print{body{font-size:10pt}header,main,footer{max-width:none;padding:0}section{margin:20px 0}h2,caption{break-after:avoid}figure,tr,.tiles,.warn,.pair>div{break-inside:avoid}.pair{grid-template-columns:1fr 1fr}table{font-size:9pt}details.twin:not([open]),.skip{display:none}details::details-content{content-visibility:visible;height:auto}pre{white-space:pre-wrap}@page{margin:15mm}}
        """;
}
