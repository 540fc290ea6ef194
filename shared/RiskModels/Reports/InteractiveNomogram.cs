using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BoneMet.RiskModels;

/// <summary>
/// A nomogram as markup: the picture, one sentence, and for models with a linear predictor a slider, a field or a list for each factor.
/// <see cref="Code"/> moves it; the numbers it needs stand in the markup as JSON, so that a page may forbid all other scripts.
/// </summary>
public static class InteractiveNomogram
{
    private static readonly JsonSerializerOptions Safe = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>The script, to be run once the markup is there.</summary>
    public static string Code { get; } = ReadCode();

    /// <summary>The markup; empty for a model without any axis (a decision rule).</summary>
    /// <param name="model">The model.</param>
    /// <param name="prediction">The patient to start from; null starts in the middle of each range and at each reference level.</param>
    /// <param name="language">"en", "zh" or "ru".</param>
    public static string Html(CompiledModel model, Prediction? prediction, string language)
    {
        ArgumentNullException.ThrowIfNull(model);
        var geometry = NomogramGeometry.Compute(model);
        if (geometry.Axes.Count == 0) { return ""; }

        var html = new HtmlText();
        var moves = model.Model.Family is not (ModelFamily.Rule or ModelFamily.Rate);
        html.Raw(moves ? "<div class=\"nomogram\" data-nomogram>" : "<div class=\"nomogram\">")
            .Element("p", NomogramWords.Describe(geometry, prediction, language))
            .Raw("<figure class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"").Text(ReportWords.In("nomogram", language)).Raw("\">").Raw(NomogramSvg.Draw(geometry, prediction, language)).Raw("</figure>\n");
        if (moves) { Controls(html, model, geometry, prediction, language); }
        return html.Raw("</div>\n").ToString();
    }

    private static void Controls(HtmlText html, CompiledModel model, NomogramGeometry geometry, Prediction? prediction, string language)
    {
        string W(string key) => ReportWords.In(key, language);
        var terms = model.Terms.Where(term => term.Term is not InteractionTerm).ToList();
        html.Raw("<div class=\"try\" role=\"group\" aria-label=\"").Text(W("try")).Raw("\">").Element("h3", W("try")).Element("p", W("try-text"));
        foreach (var (index, term) in terms.Index()) { Row(html, term, index, language); }
        html.Raw("<p class=\"outcome\" aria-live=\"polite\">").Text(W("total")).Raw(": <output data-role=\"total\"></output> · ")
            .Text(model.Model.GivesProbability ? PredictionText.Outcome(model.Model.Outcome).In(language) : W("odds")).Raw(": <output data-role=\"answer\"></output> <span data-role=\"notes\"></span></p>")
            .Element("button", W(prediction is null ? "reset-model" : "reset"), "type=\"button\" data-role=\"reset\"").Raw("</div>\n")
            .Raw("<script type=\"application/json\">").Raw(Numbers(model, terms, geometry, prediction, language).ToJsonString(Safe)).Raw("</script>\n");
    }

    private static void Row(HtmlText html, CompiledTerm term, int index, string language)
    {
        string W(string key) => ReportWords.In(key, language);
        var unit = term.Term is LabelTerm ? null : NomogramGeometry.Unit(term);
        var label = TermLabels.Of(term.Term).In(language) + (unit is null ? "" : $" ({NomogramWords.Unit(unit, language)})");
        html.Raw("<div class=\"row\">");
        if (term.IsNumber)
        {
            var limits = string.Create(CultureInfo.InvariantCulture, $"min=\"{term.Low}\" max=\"{term.High}\"");
            html.Element("label", label, $"for=\"nomogram-{index}\"")
                .Raw($"<input type=\"range\" id=\"nomogram-{index}\" {limits} step=\"any\" data-role=\"range-{index}\">")
                .Raw($"<input type=\"number\" step=\"any\" data-role=\"number-{index}\" aria-label=\"").Text(label).Raw("\">")
                .Raw($"<label class=\"absent\"><input type=\"checkbox\" data-role=\"absent-{index}\" aria-label=\"").Text($"{label}: {W("absent-value")}").Raw("\">").Text(W("absent-value")).Raw("</label>");
        }
        else
        {
            html.Element("label", label, $"for=\"nomogram-{index}\"").Raw($"<select id=\"nomogram-{index}\" data-role=\"list-{index}\">").Element("option", W("absent-value"), "value=\"\"");
            for (var i = 0; i < term.Levels.Count; i++) { html.Element("option", TermLabels.Of(term, i).In(language), $"value=\"{i}\""); }
            html.Raw("</select>");
        }
        html.Raw("<span class=\"points\">").Text(W("points")).Raw($": <output for=\"nomogram-{index}\" data-role=\"points-{index}\"></output></span></div>\n");
    }

    private static JsonObject Numbers(CompiledModel model, List<CompiledTerm> terms, NomogramGeometry geometry, Prediction? prediction, string language)
    {
        var blocks = new JsonArray();
        foreach (var (index, block) in model.Blocks.Index())
        {
            List<CompiledTerm> members = [block.Predictor, .. block.Others];
            blocks.Add(new JsonObject
            {
                ["factor"] = block.Predictor.Term.Factor,
                ["row"] = terms.IndexOf(block.Predictor),
                ["terms"] = Array(members.Select(member => terms.IndexOf(member))),
                ["columns"] = Array(block.Terms.SelectMany(term => Enumerable.Range(term.FirstColumn, term.Columns))),
                ["least"] = model.Scale.Least[index],
                ["settings"] = new JsonArray([.. model.Scale.Lines[index].Select(line => (JsonNode)new JsonArray([.. line.Setting.Select(held =>
                    (JsonNode)new JsonArray(terms.IndexOf(held.Term), held.Level >= 0 ? held.Level : held.Value, held.Level >= 0))]))]),
            });
        }
        return new JsonObject
        {
            ["terms"] = new JsonArray([.. terms.Select(term => (JsonNode)Term(term, model, prediction, language))]),
            ["products"] = new JsonArray([.. model.Products.Select(product => (JsonNode)new JsonArray(product.Target, product.First, product.Second))]),
            ["beta"] = Array(model.Beta),
            ["blocks"] = blocks,
            ["perUnit"] = model.Scale.PerUnit,
            ["offset"] = model.Offset,
            ["family"] = model.Model.Family.ToString().ToLowerInvariant(),
            ["givesProbability"] = model.Model.GivesProbability,
            ["bands"] = new JsonArray([.. model.Model.Bands.Select(band => (JsonNode)new JsonObject { ["from"] = band.From, ["to"] = band.To, ["risk"] = band.Risk })]),
            ["survival"] = model.Model.Family == ModelFamily.Cox ? (model.Model.Baseline.FirstOrDefault(point => point.Months == model.Model.Outcome.HorizonMonths) ?? model.Model.Baseline[^1]).Survival : null,
            ["variance"] = model.Variance.ToJson(),
            ["scale"] = new JsonObject
            {
                ["left"] = NomogramLayout.Left, ["right"] = NomogramLayout.Right, ["least"] = geometry.Least, ["most"] = geometry.Most, ["totalFrom"] = geometry.TotalFrom, ["totalTo"] = geometry.TotalTo,
            },
            ["words"] = new JsonObject { ["absent"] = ReportWords.In("absent-value", language), ["needed"] = ReportWords.In("needed", language), ["outside"] = ReportWords.In("out-of-range", language) },
        };
    }

    private static JsonObject Term(CompiledTerm term, CompiledModel model, Prediction? prediction, string language)
    {
        var json = new JsonObject
        {
            ["kind"] = ModelWriter.Kind(term.Term),
            ["label"] = TermLabels.Of(term.Term).In(language),
            ["first"] = term.FirstColumn,
            ["count"] = term.Columns,
            ["required"] = term.Term.Required,
            ["start"] = prediction is null ? Middle(term) : Start(term, model, prediction),
        };
        if (term.Term is LabelTerm label && Given(label, prediction) is { StandardError: { } error }) { json["error"] = label.Coefficient.Beta * error; }
        if (term.HasMeans)
        {
            var means = new double[model.Columns.Count];
            term.Average(means);
            json["means"] = Array(means.Skip(term.FirstColumn).Take(term.Columns));
        }
        if (!term.IsNumber)
        {
            json["levels"] = term.Levels.Count;
            return json;
        }
        json["low"] = term.Low;
        json["high"] = term.High;
        json["step"] = Step(term.Low, term.High);
        json["refuse"] = term.Term is LinearTerm { RefuseOutside: true } or SplineTerm { RefuseOutside: true };
        if (term.Term is SplineTerm spline) { json["knots"] = Array(spline.Knots); }
        return json;
    }

    private static PredictionLabel? Given(LabelTerm label, Prediction? prediction) => prediction?.Labels.FirstOrDefault(given => given.Entered && given.Modality == label.Factor);

    private static JsonNode? Middle(CompiledTerm term) => term.Term is LabelTerm ? null : term.IsNumber ? (term.Low + term.High) / 2 : Math.Max(0, term.Levels.ToList().FindIndex(level => level.IsReference));

    /// <summary>The patient's value as the model reads it: a number in its unit, a level's index, or null when not given.</summary>
    private static JsonNode? Start(CompiledTerm term, CompiledModel model, Prediction prediction)
    {
        if (term.Term is LabelTerm label) { return Given(label, prediction)?.Logit; }

        var coded = prediction.Inputs.Select(input => new CodedFactor { Name = input.Name, Number = input.Number, Level = input.Level, Unit = input.Unit }).ToList();
        term.Fill(new FactorSet(coded), new double[model.Columns.Count], out var level, out var value);
        return level >= 0 ? level : term.IsNumber && !double.IsNaN(value) ? value : null;
    }

    /// <summary>What an arrow key adds: a round number, about a hundredth of the range.</summary>
    private static double Step(double low, double high) => PrettyTicks.Of(low, high, 100) is [var first, var second, ..] ? second - first : 1;

    private static JsonArray Array(IEnumerable<double> numbers) => new([.. numbers.Select(number => (JsonNode)number)]);

    private static JsonArray Array(IEnumerable<int> numbers) => new([.. numbers.Select(number => (JsonNode)number)]);

    private static string ReadCode()
    {
        using var stream = typeof(InteractiveNomogram).Assembly.GetManifestResourceStream("BoneMet.RiskModels.Reports.nomogram.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
