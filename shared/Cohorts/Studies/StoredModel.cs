using System.Text.Json;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>A fitted model inside the JSON of a study, able to predict on another cohort.</summary>
internal sealed class StoredModel
{
    private readonly JsonArray _terms;
    private readonly Dictionary<string, double> _coefficients;

    private StoredModel(string name, JsonObject json)
    {
        Name = name;
        _terms = json["model"]!["terms"]!.AsArray();
        _coefficients = json["glm"]!["coefficients"]!.AsArray().ToDictionary(c => c!["term"]!.GetValue<string>(), c => c!["coef"]!.GetValue<double>(), StringComparer.Ordinal);
        Outcome = json["study"]!["outcome"]!.GetValue<string>();
        Event = json["study"]!["event"]!.GetValue<string>();
        DataSha256 = json["study"]!["data_sha256"]!.GetValue<string>();
    }

    public string Name { get; }

    public string Outcome { get; }

    public string Event { get; }

    public string DataSha256 { get; }

    /// <summary>Columns that the model reads, and its outcome.</summary>
    public IEnumerable<string> Columns => _terms.Select(term => term!["column"]!.GetValue<string>()).Append(Outcome);

    /// <summary>Reads the JSON of <c>cohort fit</c>.</summary>
    /// <exception cref="StudyException">It holds no model.</exception>
    public static StoredModel Parse(string name, string json)
    {
        try { return new(name, JsonNode.Parse(json)!.AsObject()); }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException or KeyNotFoundException)
        {
            throw new StudyException($"{name} is not the result of 'cohort fit --json'.");
        }
    }

    /// <summary>The model of a result in memory.</summary>
    public static StoredModel Of(JsonObject json) => new("this model", json);

    public static JsonObject Describe(FittedModel model) => new()
    {
        ["terms"] = new JsonArray([.. model.Design.Terms.Select(term => (JsonNode)new JsonObject
        {
            ["name"] = term.Name, ["column"] = model.Cohort.Factors.First(f => f.Text == term.Name).Columns[0], ["kind"] = term.Kind.ToString().ToLowerInvariant(), ["columns"] = Json.Texts(term.Columns.Select(c => model.Design.Names[c])),
            ["levels"] = term.Levels.Length > 0 ? Json.Texts(term.Levels) : null, ["knots"] = term.Knots.Length > 0 ? Json.Numbers(term.Knots) : null, ["parents"] = term.Parents.Length > 0 ? Json.Texts(term.Parents) : null,
        })]),
    };

    /// <summary>Linear predictor of every row; NaN where a factor is missing or has a level that the model does not know.</summary>
    public double[] Predict(Table table)
    {
        var linear = new double[table.Rows];
        Array.Fill(linear, _coefficients["(Intercept)"]);
        var built = new Dictionary<string, double[][]>(StringComparer.Ordinal);
        foreach (var term in _terms)
        {
            var name = term!["name"]!.GetValue<string>();
            var columns = Build(table, term, built);
            built[name] = columns;
            var names = term["columns"]!.AsArray();
            for (var k = 0; k < columns.Length; k++)
            {
                var beta = _coefficients[names[k]!.GetValue<string>()];
                for (var row = 0; row < linear.Length; row++) { linear[row] += beta * columns[k][row]; }
            }
        }
        return linear;
    }

    /// <summary>Levels of the table that the model does not know, as <c>column level</c>.</summary>
    public IEnumerable<string> UnknownLevels(Table table) =>
        from term in _terms
        where term!["kind"]!.GetValue<string>() == "categorical"
        let column = table[term["column"]!.GetValue<string>()]
        let levels = (column as CategoricalColumn ?? (column as NumericColumn)?.ToCategorical())?.DropUnusedLevels().Levels ?? []
        from level in levels.Except(term["levels"]!.AsArray().Select(l => l!.GetValue<string>()))
        select $"{column.Name} {level}";

    private static double[][] Build(Table table, JsonNode term, Dictionary<string, double[][]> built)
    {
        var kind = term["kind"]!.GetValue<string>();
        if (kind == "interaction")
        {
            var parents = term["parents"]!.AsArray().Select(p => built[p!.GetValue<string>()]).ToArray();
            return [.. parents[1].SelectMany(b => parents[0].Select(a => a.Zip(b, (x, y) => x * y).ToArray()))];
        }
        var column = table[term["column"]!.GetValue<string>()];
        if (kind == "categorical")
        {
            var levels = term["levels"]!.AsArray().Select(l => l!.GetValue<string>()).ToArray();
            var factor = column as CategoricalColumn ?? (column as NumericColumn)?.ToCategorical() ?? throw new StudyException($"The column {column.Name} holds dates.");
            var map = factor.Levels.Select(level => Array.IndexOf(levels, level)).ToArray();
            return [.. Enumerable.Range(1, levels.Length - 1).Select(k => factor.Codes.Select(code => code < 0 || map[code] < 0 ? double.NaN : map[code] == k ? 1.0 : 0).ToArray())];
        }
        var values = (column as NumericColumn ?? throw new StudyException($"The column {column.Name} does not hold numbers, as the model needs.")).Values;
        if (kind != "spline") { return [values]; }
        return [values, .. SplineBasis.Expand(values, [.. term["knots"]!.AsArray().Select(k => k!.GetValue<double>())]).Select(basis => basis.Select((b, i) => double.IsNaN(values[i]) ? double.NaN : b).ToArray())];
    }
}
