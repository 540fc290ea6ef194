using System.Globalization;
using System.Text;

namespace BoneMet.RiskModels;

/// <summary>Writes a case's report. The numbers are the same in every language; only the words change.</summary>
public static class CaseReport
{
    /// <summary>A self-contained page: no script or picture from elsewhere, usable by keyboard, at 200 % zoom, and on paper.</summary>
    /// <param name="data">The case's facts.</param>
    /// <param name="language">"en", "zh" (zh-CN) or "ru".</param>
    public static string Html(CaseReportData data, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(data);
        string W(string key) => ReportWords.In(key, language);
        var page = new HtmlText();
        page.Raw($"<!doctype html>\n<html lang=\"{ReportWords.Code(language)}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Element("title", $"{W("title")} · {data.CaseId}").Raw($"\n<style>{ReportStyle.Css}</style>\n</head>\n<body>\n")
            .Element("a", W("skip"), "class=\"skip\" href=\"#answer\"").Raw("\n<header>").Element("h1", W("title"))
            .Element("p", W("research"), "class=\"research\"");
        if (data.Synthetic) { page.Element("p", W("synthetic"), "class=\"synthetic\""); }
        page.Raw("<dl class=\"facts\">");
        Fact(page, W("case"), data.CaseId);
        Fact(page, W("site"), data.Site);
        Fact(page, W("cancer"), Level("cancer-type", data.CancerType, language));
        if (data.Histology is { } histology) { Fact(page, W("histology"), Level("histology", histology, language)); }
        Fact(page, W("created"), Time(data.CreatedAt));
        Fact(page, W("written"), Time(data.WrittenAt));
        page.Raw("</dl></header>\n<main>\n<section id=\"answer\" aria-labelledby=\"h-answer\">").Element("h2", W("answer"), "id=\"h-answer\"");
        if (data.Prediction is { } prediction) { Answer(page, prediction, data.Model, language); }
        else { page.Element("p", W("no-prediction")); }
        page.Raw("</section>\n");
        if (data.Prediction is { } answer)
        {
            Picture(page, data, answer, language);
            Points(page, answer, language);
            Inputs(page, answer, language);
            if (data.Challenger is { } challenger)
            {
                Section(page, "challenger", W("challenger"), () => page.Table(W("challenger"), [W("model"), W("probability"), W("interval")],
                    new[] { answer, challenger }.Select(p => (IReadOnlyList<string?>)[$"{p.ModelId} {p.ModelVersion}", p.Probability is { } risk ? NomogramWords.Percent(risk) : "–", Interval(p.Interval, language)])));
            }
        }
        if (data.Problems.Count > 0)
        {
            Section(page, "problems", W("problems"), () => page.Raw("<ul>").Raw(Items(data.Problems.Select(p => Sentences.In(p.Reason, language)))).Raw("</ul>"));
        }
        Strands(page, data, language);
        if (data.Prediction is { } chosen)
        {
            Alternatives(page, chosen, language);
            Card(page, data, chosen, language);
        }
        if (data.Earlier.Count > 0)
        {
            Section(page, "earlier", W("earlier"), () => page.Table(W("earlier"), [W("when"), W("model"), W("probability"), W("what")],
                data.Earlier.Select(e => (IReadOnlyList<string?>)[Time(e.At), $"{e.ModelId} {e.ModelVersion}", e.Probability is { } p ? NomogramWords.Percent(p) : "–", Sentences.In(e.Reason, language)])));
        }
        if (data.Timeline.Count > 0)
        {
            Section(page, "timeline", W("timeline"), () => page.Table(W("timeline"), [W("when"), W("what")], data.Timeline.Select(e => (IReadOnlyList<string?>)[Time(e.At), Sentences.In(e.Text, language)])));
        }
        if (data.Notes.Count > 0) { Section(page, "notes", W("notes"), () => page.Raw("<ul>").Raw(Items(data.Notes.Select(note => Sentences.In(note, language)))).Raw("</ul>")); }
        page.Raw("</main>\n<footer>").Element("p", W("research"));
        if (data.TraceId is { } trace) { page.Element("p", $"{W("trace")}: {trace}"); }
        page.Raw("</footer>\n");
        if (data is { Prediction: not null, Model: not null }) { page.Raw("<script>").Raw(InteractiveNomogram.Code).Raw("</script>\n"); }
        return page.Raw("</body>\n</html>\n").ToString();
    }

    private static void Answer(HtmlText page, Prediction prediction, CompiledModel? model, string language)
    {
        string W(string key) => ReportWords.In(key, language);
        if (prediction.Probability is { } p)
        {
            page.Raw("<p class=\"number\">").Element("strong", NomogramWords.Percent(p)).Raw(" ").Element("span", PredictionText.Outcome(prediction.Outcome).In(language)).Raw("</p>");
            page.Element("p", prediction.Text?.In(language), "class=\"sentence\"");
        }
        else { page.Element("p", prediction.Band?.In(language) ?? W("no-number"), "class=\"sentence\""); }
        page.Raw("<dl class=\"facts\">");
        Fact(page, prediction.Interval.Kind == "published-range" ? W("range") : W("interval"), Interval(prediction.Interval, language));
        if (prediction.BaseRate is { } rate)
        {
            Fact(page, W("base-rate"), $"{NomogramWords.Percent(rate.Rate)} ({rate.Label.In(language)}{(rate is { Events: { } e, Patients: { } n } ? string.Create(CultureInfo.InvariantCulture, $"; {e} / {n}") : "")})");
        }
        if (prediction.Band is { } band && prediction.Probability is not null) { Fact(page, W("band"), band.In(language)); }
        if (prediction.TotalPoints is { } total) { Fact(page, W("total"), Number(total, "0.0")); }
        if (prediction.LinearPredictor is { } lp) { Fact(page, W("lp"), Number(lp, "0.0000")); }
        if (prediction.OddsRatio is { } ratio) { Fact(page, W("odds"), Number(ratio, "0.00")); }
        if (prediction.Fused is { } fused)
        {
            Fact(page, W("fused"), fused.Probability is { } f ? NomogramWords.Percent(f) : "–");
            Fact(page, W("clinical-only"), prediction.ClinicalOnly.Probability is { } c ? NomogramWords.Percent(c) : "–");
        }
        page.Raw("</dl>");
        if (prediction.CriteriaMet.Count > 0) { page.Element("h3", W("criteria")).Raw("<ul>").Raw(Items(prediction.CriteriaMet.Select(id => Criterion(id, model, language)))).Raw("</ul>"); }
        if (prediction.Horizons.Count > 0)
        {
            page.Table(PredictionText.Outcome(prediction.Outcome).In(language), [W("horizon"), W("probability"), W("survival")],
                prediction.Horizons.Select(h => (IReadOnlyList<string?>)[Number(h.Months, "0.##"), NomogramWords.Percent(h.Probability), NomogramWords.Percent(h.Survival)]));
        }
        page.Element("p", $"{W("missing")}: {Names(prediction.Missing, language)}");
        page.Element("p", $"{W("out")}: {Names(prediction.OutOfRange, language)}");
        if (prediction.Refusals.Count > 0) { page.Element("h3", W("refusals")).Raw("<ul>").Raw(Items(prediction.Refusals.Select(r => r.Reason.In(language)))).Raw("</ul>"); }
        if (prediction.Warnings.Count > 0) { page.Element("h3", W("warnings")).Raw("<ul class=\"warnings\">").Raw(Items(prediction.Warnings.Select(w => w.In(language)))).Raw("</ul>"); }
    }

    /// <summary>A criterion's name and what it asks, where the model is at hand.</summary>
    internal static string Criterion(string id, CompiledModel? model, string language) =>
        model?.Model.Criteria.FirstOrDefault(criterion => criterion.Id == id) is { } known ? $"{id}: {known.Text.In(language)}" : id;

    private static void Picture(HtmlText page, CaseReportData data, Prediction prediction, string language)
    {
        if (data.Model is not { } model || model.Blocks.Length == 0) { return; }
        var nomogram = InteractiveNomogram.Html(model, prediction, language);
        if (nomogram.Length > 0) { Section(page, "nomogram", ReportWords.In("nomogram", language), () => page.Raw(nomogram)); }
    }

    private static void Points(HtmlText page, Prediction prediction, string language)
    {
        if (prediction.Points.Count == 0) { return; }
        string W(string key) => ReportWords.In(key, language);
        var foot = $"<tfoot><tr><th scope=\"row\" colspan=\"2\">{W("sum")}</th><td>{Number(prediction.TotalPoints ?? prediction.Points.Sum(p => p.Points), "0.0")}</td><td>{Number(prediction.Points.Sum(p => p.LogOdds), "0.0000")}</td><td></td></tr></tfoot>";
        Section(page, "points", W("points-table"), () => page.Table(W("points-table"), [W("factor"), W("value"), W("points"), W("log-odds"), W("status")],
            prediction.Points.Select(p => (IReadOnlyList<string?>)[p.Label.In(language), p.ValueLabel?.In(language) ?? p.Value, Number(p.Points, "0.0"), Number(p.LogOdds, "0.0000"), W(p.Status)]), foot));
    }

    private static void Inputs(HtmlText page, Prediction prediction, string language)
    {
        if (prediction.Inputs.Count == 0) { return; }
        string W(string key) => ReportWords.In(key, language);
        Section(page, "inputs", W("inputs"), () => page.Table(W("inputs"), [W("factor"), W("value"), W("converted"), W("derived"), W("in-model")],
            prediction.Inputs.Select(i => (IReadOnlyList<string?>)
            [
                FactorDictionary.Find(i.Name)?.Label.In(language) ?? i.Name,
                (i.Level is { } level ? Level(i.Name, level, language) : $"{Number(i.Number ?? 0, "0.######")} {NomogramWords.Unit(i.Unit == "a" ? "years" : i.Unit ?? "", language)}".TrimEnd()) + (i.Implausible ? $" ({W("implausible")})" : ""),
                i.ConvertedFrom ?? "",
                i.DerivedFrom.Count > 0 ? Names(i.DerivedFrom, language) : "",
                W(i.Used ? "yes" : "no"),
            ])));
    }

    private static void Strands(HtmlText page, CaseReportData data, string language)
    {
        string W(string key) => ReportWords.In(key, language);
        if (data.Strands.Count > 0)
        {
            Section(page, "strands", W("strands"), () => page.Raw("<ul class=\"strands\">").Raw(string.Concat(data.Strands.Select(s =>
                new HtmlText().Raw("<li>").Element("strong", W(s.Name)).Raw(" ").Element("span", W(s.State), $"class=\"state {s.State}\"").Text(s.Reason is { } reason ? $" {Sentences.In(reason, language)}" : "").Raw("</li>").ToString()))).Raw("</ul>"));
        }
        if (data.Prediction?.Labels is not { Count: > 0 } labels) { return; }
        Section(page, "labels", W("labels"), () =>
        {
            page.Raw("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"").Text(W("labels")).Raw("\"><table>").Element("caption", W("labels")).Raw("<thead><tr>");
            foreach (var head in new[] { "modality", "label", "encoder", "entered", "why" }) { page.Element("th", W(head), "scope=\"col\""); }
            page.Raw("</tr></thead><tbody>");
            foreach (var label in labels)
            {
                page.Raw("<tr>").Element("th", W(label.Modality), "scope=\"row\"").Element("td", Number(label.Logit, "0.000")).Raw("<td>").Text($"{label.EncoderId} {label.EncoderVersion} ").Raw("<code>").Text(label.EncoderSha256[..Math.Min(12, label.EncoderSha256.Length)]).Raw("</code> ")
                    .Element("span", W(!label.Trained ? "untrained" : label.Synthetic ? "synthetic-encoder" : "trained"), $"class=\"badge {(!label.Trained ? "untrained" : label.Synthetic ? "made" : "trained")}\"").Text(label.Provider is { } provider ? $" {provider}" : "").Raw("</td>")
                    .Element("td", label.Entered ? $"{W("yes")} ({Number(label.LogOdds ?? 0, "+0.000;-0.000;0")})" : W("no")).Element("td", label.Reason?.In(language) ?? "").Raw("</tr>");
            }
            page.Raw("</tbody></table></div>\n");
        });
    }

    private static void Alternatives(HtmlText page, Prediction prediction, string language)
    {
        if (prediction.Alternatives.Count == 0) { return; }
        string W(string key) => ReportWords.In(key, language);
        Section(page, "alternatives", W("alternatives"), () => page.Table(W("alternatives"), [W("model"), W("why"), W("needs")],
            prediction.Alternatives.Select(a => (IReadOnlyList<string?>)[a.Title.In(language), AlternativeWords.Of(a).In(language), a.Needs.Count > 0 ? Names(a.Needs, language) : "–"])));
    }

    private static void Card(HtmlText page, CaseReportData data, Prediction prediction, string language)
    {
        string W(string key) => ReportWords.In(key, language);
        Section(page, "card", W("card"), () =>
        {
            page.Raw("<dl class=\"card\">");
            Fact(page, W("model"), prediction.ModelTitle.In(language));
            Fact(page, W("version"), $"{prediction.ModelId} {prediction.ModelVersion}");
            Fact(page, "SHA-256", prediction.ModelSha256);
            Fact(page, W("outcome"), PredictionText.Outcome(prediction.Outcome).In(language));
            Fact(page, W("citation"), prediction.Citation + (prediction.Doi is { } doi && !prediction.Citation.Contains(doi, StringComparison.Ordinal) ? $", doi {doi}" : ""));
            Fact(page, W("complete"), W(prediction.ModelComplete ? "yes" : "no"));
            if (data.Model?.Model is { } model)
            {
                if (model.Evidence.LackingFactors.Count > 0) { Fact(page, W("lacking"), Names(model.Evidence.LackingFactors, language)); }
                Fact(page, W("cohort"), model.Cohort.Description + (model.Cohort.Patients is { } n ? string.Create(CultureInfo.InvariantCulture, $" (n = {n}{(model.Cohort.Events is { } e ? $"; {W("events")}: {e}" : "")})") : ""));
                if (model.Performance.Count > 0)
                {
                    Fact(page, W("performance"), string.Join("; ", model.Performance));
                }
            }
            Fact(page, W("intended"), prediction.IntendedUse.In(language));
            Fact(page, W("not-for"), prediction.NotFor.In(language));
            page.Raw("</dl>");
        });
    }

    private static void Section(HtmlText page, string id, string title, Action body)
    {
        page.Raw($"<section id=\"{id}\" aria-labelledby=\"h-{id}\">").Element("h2", title, $"id=\"h-{id}\"");
        body();
        page.Raw("</section>\n");
    }

    private static void Fact(HtmlText page, string name, string? value) => page.Raw("<div>").Element("dt", name).Element("dd", value).Raw("</div>");

    private static string Items(IEnumerable<string> texts)
    {
        var items = new StringBuilder();
        foreach (var text in texts) { items.Append(new HtmlText().Element("li", text)); }
        return items.ToString();
    }

    internal static string Interval(PredictionInterval interval, string language) => interval is { Low: { } low, High: { } high }
        ? $"{NomogramWords.Percent(low)} – {NomogramWords.Percent(high)} ({ReportWords.In(interval.Kind, language)})"
        : $"{ReportWords.In("no-interval", language)} ({ReportWords.In("not-available", language)})";

    internal static string Names(IReadOnlyList<string> factors, string language) =>
        factors.Count == 0 ? ReportWords.In("none", language) : string.Join(", ", factors.Select(f => FactorDictionary.Find(f)?.Label.In(language) ?? f));

    internal static string Level(string factor, string level, string language) =>
        FactorDictionary.Find(factor)?.Levels.FirstOrDefault(l => l.Name == level)?.Label.In(language) ?? level;

    internal static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    internal static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
